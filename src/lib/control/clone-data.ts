import { abortReason } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { copyAsleep, copySource, stateOf, type CopyTask } from './copy-source.ts';
import { driverOf, type Core } from './core.ts';
import { destroy } from './destroy.ts';
import { instanceSpec } from './instance-spec.ts';
import type { OnProgress } from './outcome.ts';

/** A clone whose data is not on record as copied: to start it would be to start an empty database. */
export function lacksData({ clonedFrom, copied }: Compute): boolean {
  return clonedFrom !== undefined && copied === undefined;
}

/**
 * Brings a new clone its data, inside its own queue and, for as long as it takes, the source's. Ends when it is called off.
 * @throws COMPUTE_NOT_FOUND, SNAPSHOT_NOT_FOUND when the source is gone by now, and what a copy throws
 */
export async function bringData(
  core: Core,
  compute: Compute,
  onProgress: OnProgress,
  calledOff: AbortSignal,
): Promise<Compute> {
  const { clonedFrom } = compute;
  if (clonedFrom === undefined) return compute;
  const { computeId, snapshotId } = clonedFrom;
  const copied = await core.cells.of(computeId).queue.run(async () => {
    if (calledOff.aborted) throw abortReason(calledOff);
    const source = await requireSource(core, compute, onProgress);
    const copy: CopyTask['copy'] = (context) =>
      driverOf(core, compute).copyData(
        {
          from: { computeId, snapshotId },
          to: { computeId: compute.id, snapshotId: null },
          copyId: compute.id,
          spec: instanceSpec(core, compute),
        },
        { ...context, signal: AbortSignal.any([context.signal, calledOff]) },
      );
    if (snapshotId === null) return copySource(core, source, { copy, onProgress });
    const kept = core.store.listSnapshots(computeId).find(({ id, state }) => id === snapshotId && state === 'ready');
    if (kept === undefined) throw snapshotGone(compute);
    return copyAsleep(core, source, { copy, onProgress }, stateOf(kept.copied));
  });
  return core.journal.record(compute.id, { type: 'dataCopied', ...copied });
}

async function requireSource(core: Core, compute: Compute, onProgress: OnProgress): Promise<Compute> {
  const { computeId = '', name = '' } = compute.clonedFrom ?? {};
  const source = core.store.getCompute(computeId);
  if (source !== null && source.state !== 'destroyed' && source.state !== 'destroying') {
    return core.settle(computeId, onProgress);
  }
  throw new DozeError('COMPUTE_NOT_FOUND', `compute "${name}" was destroyed before "${compute.name}" had its data`, {
    hint: `doze compute start ${name} --restore`,
  });
}

function snapshotGone({ name, clonedFrom }: Compute): DozeError {
  const source = clonedFrom?.name ?? '';
  return new DozeError('SNAPSHOT_NOT_FOUND', `the snapshot of "${source}" was deleted before "${name}" had its data`, {
    hint: `doze compute snapshot list ${source}`,
  });
}

/** Nothing of a clone stays that never had its data. It is repeated by the command that was typed. */
export async function giveUpClone(core: Core, compute: Compute): Promise<void> {
  try {
    await destroy(core, compute, { isPurge: true }, () => undefined);
  } catch (error) {
    core.logger.warn(
      { compute: compute.name, error: toDozeError(error).message },
      'an empty clone could not be removed',
    );
  }
}
