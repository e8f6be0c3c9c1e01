import {
  checkSizeRange,
  clampSize,
  formatSizeRange,
  isSameRange,
  keepsProcess,
  type Compute,
  type SizeRange,
} from '../domain/index.ts';
import { DozeError, hasCode } from '../errors/index.ts';
import type { Core } from './core.ts';
import { cannotGrow, hostTooSmall } from './host-errors.ts';
import { outcome, type OnProgress, type OperationOutcome } from './outcome.ts';
import { resize } from './resize.ts';
import { settle } from './settle.ts';

/**
 * Another size or range. An active compute has it at once, and its clients notice nothing; one that sleeps, when it wakes.
 * Runs inside the compute's queue.
 */
export async function resizeByRequest(
  core: Core,
  id: string,
  wanted: SizeRange,
  onProgress: OnProgress,
): Promise<OperationOutcome> {
  checkSizeRange(wanted);
  const compute = await settle(core, id, onProgress);
  refuseStateless(compute, wanted);
  core.quotas.requireSize(compute.project, wanted);
  if (isSameRange(wanted, compute.size) && compute.size.now === clampSize(compute.size.now, wanted)) {
    return outcome(compute, 'unchanged', `"${compute.name}" already has the size ${formatSizeRange(wanted)}`);
  }
  refuseWithoutRoom(core, compute, wanted);
  const changed = core.journal.record(id, { type: 'settingsChanged', changes: { size: sizeFor(compute, wanted) } });
  const cu = clampSize(changed.size.now, changed.size);
  if (changed.state !== 'active' || cu === changed.size.now) return outcome(changed, 'resized', ...later(changed));
  onProgress(`giving it ${cu} CU`);
  try {
    return outcome(await resize(core, changed, { cu, reason: 'request', load: null }), 'resized');
  } catch (error) {
    if (!hasCode(error, 'RESIZE_REFUSED')) throw error;
    const after = core.journal.require(id);
    return outcome(after, 'resized', `it stays at ${after.size.now} CU for now, and is tried again: ${error.message}`);
  }
}

/** Before anything is changed: what is refused is refused as a whole. @throws QUOTA_IN_USE, HOST_TOO_SMALL, HOST_FULL */
function refuseWithoutRoom(core: Core, compute: Compute, wanted: SizeRange): void {
  const limitCu = core.room.limitCu(compute);
  if (limitCu !== null && wanted.min > limitCu) throw hostTooSmall(compute, wanted.min, limitCu);
  const cu = clampSize(compute.size.now, wanted);
  if (compute.state === 'active') core.quotas.requireGrowth(compute, cu);
  if (compute.state === 'active' && core.room.growableCu(compute, cu) < cu)
    throw cannotGrow(compute, cu, core.room.whyBound(compute, cu));
}

/** One that runs, or is frozen as it ran, has the size that it has; what starts anew, starts with the new one. */
function sizeFor({ state, depth, size }: Compute, wanted: SizeRange): Compute['size'] {
  const isKept = state === 'active' || (depth !== null && keepsProcess(depth));
  return { min: wanted.min, max: wanted.max, now: isKept ? size.now : clampSize(size.now, wanted) };
}

function later({ state, name }: Compute): string[] {
  return state === 'active' ? [] : [`"${name}" has it from its next start on`];
}

/** Its data is in its memory, by a share of it that is fixed when its instance is made. */
export function refuseStateless({ name, storage }: Pick<Compute, 'name' | 'storage'>, { min, max }: SizeRange): void {
  if (storage === undefined || min === max) return;
  throw new DozeError('SETTING_FIXED', `compute "${name}" keeps nothing itself: it has one size, not a range`, {
    hint: `doze compute resize ${name} ${max}`,
  });
}
