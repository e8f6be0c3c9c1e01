import type { Compute, Snapshot } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Core } from './core.ts';

/** Those that are whole, oldest first. */
export function snapshotsOf(core: Core, computeId: string): readonly Snapshot[] {
  return core.store.listSnapshots(computeId).filter(({ state }) => state === 'ready');
}

/** @throws SNAPSHOT_NOT_FOUND */
export function requireSnapshot(core: Core, compute: Compute, name: string): Snapshot {
  const found = snapshotsOf(core, compute.id).find((snapshot) => snapshot.name === name);
  if (found !== undefined) return found;
  throw new DozeError('SNAPSHOT_NOT_FOUND', `compute "${compute.name}" has no snapshot "${name}"`, {
    hint: `doze compute snapshot list ${compute.name}`,
  });
}

/** @throws CLONE_UNSUPPORTED for one that has no data of its own */
export function requireOwnData({ name, storage }: Compute): void {
  if (storage === undefined) return;
  throw new DozeError(
    'CLONE_UNSUPPORTED',
    `compute "${name}" keeps its data in the storage tier, which has snapshots of its own`,
    { hint: `doze storage snapshot create ${storage.pageServer}` },
  );
}
