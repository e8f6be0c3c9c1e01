import type { Compute, CopyFacts, Snapshot } from '../domain/index.ts';
import type { ComputeSnapshotView, CopyView } from './contract.ts';
import { isoTime } from './iso-time.ts';

export function copyView({ bytes, isCopyOnWrite, isClean, frozenMs, tookMs }: CopyFacts): CopyView {
  return { bytes, isCopyOnWrite, consistency: isClean ? 'clean' : 'crash-consistent', frozenMs, tookMs };
}

const NOTHING: CopyFacts = { bytes: 0, isCopyOnWrite: false, isClean: false, frozenMs: null, tookMs: 0 };

export function snapshotView(
  { id, name, createdAtMs, copied }: Snapshot,
  compute: Pick<Compute, 'name' | 'project'>,
): ComputeSnapshotView {
  const { name: computeName, project } = compute;
  return { id, name, compute: computeName, project, createdAt: isoTime(createdAtMs), ...copyView(copied ?? NOTHING) };
}
