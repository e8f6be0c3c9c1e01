import type { Compute, CopyFacts, Snapshot } from '../domain/index.ts';
import type { ComputeSnapshotView, CopyView } from './contract.ts';
import { isoTime } from './iso-time.ts';

export function copyView(facts: CopyFacts): CopyView {
  const { bytes, isCopyOnWrite, frozenMs, tookMs } = facts;
  return { bytes, isCopyOnWrite, consistency: consistencyOf(facts), frozenMs, tookMs };
}

/** One that was frozen for its copy had its writes held first. */
function consistencyOf({ isClean, areWritesHeld, frozenMs }: CopyFacts): CopyView['consistency'] {
  if (isClean) return 'clean';
  return areWritesHeld === true || frozenMs !== null ? 'consistent' : 'crash-consistent';
}

const NOTHING: CopyFacts = { bytes: 0, isCopyOnWrite: false, isClean: false, frozenMs: null, tookMs: 0 };

export function snapshotView(
  { id, name, createdAtMs, copied }: Snapshot,
  compute: Pick<Compute, 'name' | 'project'>,
): ComputeSnapshotView {
  const { name: computeName, project } = compute;
  return { id, name, compute: computeName, project, createdAt: isoTime(createdAtMs), ...copyView(copied ?? NOTHING) };
}
