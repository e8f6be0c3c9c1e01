import { parseName, type CloneSource, type Compute, type ComputeSpec } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { bringUp } from './bring-up.ts';
import type { Core } from './core.ts';
import { recordInTurn, usedPorts } from './create.ts';
import { leaseLengthOf, leaseNotes, type LeaseOptions } from './lease.ts';
import { newId } from './new-identity.ts';
import { requireOwnData, requireSnapshot } from './find-snapshot.ts';
import { outcome, type Caller, type OperationOutcome } from './outcome.ts';
import { policiesOf } from './session-policies.ts';
import { pickPort } from './pick-port.ts';

export interface CloneOptions extends LeaseOptions {
  /** Of the new compute. */
  readonly name: string;
  /** Name of a snapshot of the source; null for the source as it is now. */
  readonly at: string | null;
}

export interface CloneRequest extends CloneOptions {
  readonly project: string;
  readonly source: Compute;
}

/** A new compute with the data of another, awake. The caller lets one start of a name in at a time. */
export async function clone(core: Core, request: CloneRequest, caller: Caller): Promise<OperationOutcome> {
  const { onProgress } = caller;
  const { project, source, name, at } = request;
  const askedAtMs = core.clock.monotonicMs();
  parseName(name);
  const leaseMs = leaseLengthOf(request);
  requireOwnData(source);
  if (core.store.findCompute(project, name) !== null) throw nameInUse(project, name);
  core.quotas.requireSize(project, source.size);
  const snapshotId = at === null ? null : requireSnapshot(core, source, at).id;
  const draft = specOf(core, request, { computeId: source.id, name: source.name, snapshotId });
  const compute = await recordInTurn(core, draft, caller, { hasSecrets: false, leaseMs });
  const active = await core.cells
    .of(compute.id)
    .queue.run(() => bringUp(core, compute, { cause: 'create', askedAtMs, onProgress }));
  const notes = [...leaseNotes(core, active), ...staysNotes(source, active), ...notesOf(active)];
  return { ...outcome(active, 'cloned', ...notes), copied: active.copied ?? null };
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

/** Nothing is ephemeral that was not asked to be: a copy is how data outlives a lease. */
function staysNotes(source: Compute, copy: Compute): string[] {
  if ((source.lease ?? null) === null || (copy.lease ?? null) !== null) return [];
  return [`"${source.name}" is ephemeral, "${copy.name}" is not: it stays until it is destroyed`];
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
