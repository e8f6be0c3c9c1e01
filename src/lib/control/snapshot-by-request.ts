import { randomBytes } from 'node:crypto';

import { createDeadline } from '../clock.ts';
import { parseName, type Compute, type Snapshot } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { copySource } from './copy-source.ts';
import { driverOf, type Core } from './core.ts';
import { requireOwnData, requireSnapshot } from './find-snapshot.ts';
import { instanceSpec } from './instance-spec.ts';
import type { OnProgress } from './outcome.ts';

/** Keeps the data as it is now under a name. Runs inside the compute's queue. */
export async function takeSnapshot(
  core: Core,
  computeId: string,
  name: string | null,
  onProgress: OnProgress,
): Promise<Snapshot> {
  const compute = await core.settle(computeId, onProgress);
  requireOwnData(compute);
  await clearUnfinished(core, compute);
  const createdAtMs = core.clock.wallMs();
  const taken = new Set(core.store.listSnapshots(computeId).map((snapshot) => snapshot.name));
  const chosen = name === null ? freeName(createdAtMs, taken) : parseName(name, 'snapshot');
  if (taken.has(chosen)) throw nameInUse(compute, chosen);
  core.quotas.requireStorage(compute.project);
  const id = `s${randomBytes(6).toString('hex')}`;
  const making: Snapshot = { id, computeId, name: chosen, createdAtMs, state: 'making', copied: null };
  core.store.putSnapshot(making);
  try {
    const from = { computeId, snapshotId: null };
    const to = { computeId, snapshotId: id };
    const copied = await copySource(core, compute, {
      copy: (context) =>
        driverOf(core, compute).copyData({ from, to, copyId: id, spec: instanceSpec(core, compute) }, context),
      onProgress,
    });
    const ready: Snapshot = { ...making, state: 'ready', copied };
    core.store.putSnapshot(ready);
    return ready;
  } catch (error) {
    await forget(core, compute, making).catch((second: unknown) => {
      core.logger.warn({ compute: compute.name, error: toDozeError(second).message }, 'a half-made snapshot remains');
    });
    throw error;
  }
}

/** Runs inside the compute's queue. @throws SNAPSHOT_NOT_FOUND */
export async function deleteSnapshot(core: Core, computeId: string, name: string): Promise<Snapshot> {
  const compute = core.journal.require(computeId);
  const snapshot = requireSnapshot(core, compute, name);
  if (compute.restoring?.snapshotId === snapshot.id) throw inUse(compute, name);
  await forget(core, compute, snapshot);
  return snapshot;
}

/** All that is kept of a compute whose own data is deleted. */
export async function deleteAllSnapshots(core: Core, compute: Compute): Promise<void> {
  for (const snapshot of core.store.listSnapshots(compute.id)) await forget(core, compute, snapshot);
}

/** What a dead agent had begun to make or to delete. Runs inside the compute's queue. */
export async function clearUnfinished(core: Core, compute: Compute): Promise<void> {
  for (const snapshot of core.store.listSnapshots(compute.id)) {
    if (snapshot.state !== 'ready') await forget(core, compute, snapshot);
  }
}

async function forget(core: Core, compute: Compute, snapshot: Snapshot): Promise<void> {
  const { id, computeId } = snapshot;
  core.store.putSnapshot({ ...snapshot, state: 'deleting' });
  const limitMs = core.settings.verbTimeoutMs;
  using verb = createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `deleting snapshot "${snapshot.name}" took more than ${limitMs / 1000} s`),
  );
  const context = { signal: verb.signal, onProgress: () => undefined };
  await driverOf(core, compute).removeSnapshot({ computeId, snapshotId: id }, context);
  core.store.deleteSnapshot(id);
}

/** `s20261122-224500`, with a number behind it if two are made in one second. */
function freeName(atMs: number, taken: ReadonlySet<string>): string {
  const [day = '', time = ''] = new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const name = `s${day}-${time}`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function nameInUse(compute: Compute, name: string): DozeError {
  return new DozeError('NAME_IN_USE', `compute "${compute.name}" already has a snapshot "${name}"`, {
    hint: `doze compute snapshot list ${compute.name}`,
  });
}

function inUse(compute: Compute, name: string): DozeError {
  return new DozeError('STATE_CONFLICT', `compute "${compute.name}" is being put back to snapshot "${name}"`, {
    hint: `doze compute resume ${compute.name}`,
  });
}
