import { parseName, type CloneSource, type Compute, type ComputeSpec } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { bringUp } from './bring-up.ts';
import type { Core } from './core.ts';
import { recordInTurn, usedPorts } from './create.ts';
import { newId } from './new-identity.ts';
import { requireOwnData, requireSnapshot } from './find-snapshot.ts';
import { outcome, type Caller, type OperationOutcome } from './outcome.ts';
import { policiesOf } from './session-policies.ts';
import { pickPort } from './pick-port.ts';

export interface CloneRequest {
  readonly project: string;
  readonly source: Compute;
  readonly name: string;
  /** Name of a snapshot of the source; null for the source as it is now. */
  readonly at: string | null;
}

/** A new compute with the data of another, awake. The caller lets one start of a name in at a time. */
export async function clone(core: Core, request: CloneRequest, caller: Caller): Promise<OperationOutcome> {
  const { onProgress } = caller;
  const { project, source, name, at } = request;
  const askedAtMs = core.clock.monotonicMs();
  parseName(name);
  requireOwnData(source);
  if (core.store.findCompute(project, name) !== null) throw nameInUse(project, name);
  core.quotas.requireSize(project, source.size);
  const snapshotId = at === null ? null : requireSnapshot(core, source, at).id;
  const draft = specOf(core, request, { computeId: source.id, name: source.name, snapshotId });
  const compute = await recordInTurn(core, draft, caller);
  const active = await core.cells
    .of(compute.id)
    .queue.run(() => bringUp(core, compute, { cause: 'create', askedAtMs, onProgress }));
  return { ...outcome(active, 'cloned', ...notesOf(active)), copied: active.copied ?? null };
}

function specOf(core: Core, { project, source, name }: CloneRequest, clonedFrom: CloneSource): ComputeSpec {
  const { engine, engineVersion, driver, image, size, suspendAfterMs, suspendDepth, deeper, database, user } = source;
  const { connectionPool } = source;
  return {
    id: newId(),
    name,
    project,
    engine,
    engineVersion,
    driver,
    image,
    size,
    suspendAfterMs,
    suspendDepth,
    ...(deeper === undefined ? {} : { deeper }),
    ...policiesOf(source),
    ...(connectionPool === undefined ? {} : { connectionPool }),
    port: pickPort(core.settings.gatewayPorts, usedPorts(core)),
    database,
    user,
    clonedFrom,
  };
}

export function notesOf({ copied }: Pick<Compute, 'copied'>): string[] {
  if (copied === undefined || copied.isCopyOnWrite) return [];
  return ['this file system cannot share blocks: it is a plain copy, which takes as much room as the original'];
}

function nameInUse(project: string, name: string): DozeError {
  return new DozeError('NAME_IN_USE', `project "${project}" already has a compute "${name}"`, {
    hint: `doze compute show ${name}`,
  });
}
