import { randomBytes } from 'node:crypto';

import { createDeadline } from '../clock.ts';
import { keepsProcess, type Compute } from '../domain/index.ts';
import { DozeError, hasCode, toDozeError } from '../errors/index.ts';
import { copyAsleep, stateOf } from './copy-source.ts';
import { driverOf, type Core } from './core.ts';
import { requireOwnData, requireSnapshot } from './find-snapshot.ts';
import { instanceSpec } from './instance-spec.ts';
import type { OnProgress } from './outcome.ts';
import { suspendInstance } from './suspend-instance.ts';

/** Takes the compute down and puts its data back to what the snapshot keeps. It is asleep afterwards. Inside its queue. */
export async function restoreSnapshot(
  core: Core,
  compute: Compute,
  name: string,
  onProgress: OnProgress,
): Promise<Compute> {
  requireOwnData(compute);
  const { id: snapshotId } = requireSnapshot(core, compute, name);
  try {
    await core.gate.hold(compute.id);
    const asleep = await endServer(core, compute, onProgress);
    const copyId = `r${randomBytes(6).toString('hex')}`;
    const intent = { type: 'snapshotRestoreRequested', snapshotId, snapshotName: name, copyId } as const;
    const restoring = core.journal.record(asleep.id, intent);
    return await finishRestore(core, restoring, onProgress);
  } finally {
    core.gate.release(compute.id);
  }
}

/** The instance goes, so that the next one is made for data that its server has never seen. */
async function endServer(core: Core, compute: Compute, onProgress: OnProgress): Promise<Compute> {
  const { id, state, depth } = compute;
  const isUp = state === 'active' || (depth !== null && keepsProcess(depth));
  const asleep =
    isUp && state !== 'failed'
      ? await suspendInstance(core, compute, { depth: 'removed', reason: 'request', onProgress })
      : compute;
  core.cells.of(id).endpoint = null;
  using verb = endDeadline(core, compute);
  await driverOf(core, compute).remove(id, { signal: verb.signal, onProgress });
  return asleep;
}

/** The second half: the intent is on record, and nothing is started before it is carried out or given up. */
export async function finishRestore(core: Core, compute: Compute, onProgress: OnProgress): Promise<Compute> {
  const { id: computeId, restoring } = compute;
  if (restoring === undefined) return compute;
  const { snapshotId, copyId } = restoring;
  const kept = core.store.listSnapshots(computeId).find(({ id }) => id === snapshotId);
  try {
    const copied = await copyAsleep(
      core,
      compute,
      {
        copy: (context) =>
          driverOf(core, compute).copyData(
            {
              from: { computeId, snapshotId },
              to: { computeId, snapshotId: null },
              copyId,
              spec: instanceSpec(core, compute),
            },
            context,
          ),
        onProgress,
      },
      stateOf(kept?.copied),
    );
    return core.journal.record(computeId, { type: 'snapshotRestored', ...copied });
  } catch (error) {
    // After these nothing was changed. After any other there is no telling, and the next who asks goes on with it.
    if (hasCode(error, 'DISK_FULL') || hasCode(error, 'SNAPSHOT_LOST')) {
      core.journal.record(computeId, { type: 'snapshotRestoreFailed', message: toDozeError(error).message });
    }
    throw error;
  }
}

function endDeadline({ settings }: Core, { name }: Compute) {
  const limitMs = settings.verbTimeoutMs;
  return createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `compute "${name}": ending its server took more than ${limitMs / 1000} s`),
  );
}
