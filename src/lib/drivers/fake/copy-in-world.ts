import { dataMissing, stillRunning } from '../copy-errors.ts';
import type { CopyOutcome, CopyRequest, DataRef } from '../driver.ts';
import type { FakeWorld } from './world.ts';

const BYTES = 1024;

export function copyInWorld(world: FakeWorld, request: CopyRequest): CopyOutcome {
  const { from, to, copyId } = request;
  const outcome = { bytes: BYTES, isCopyOnWrite: world.copying.isCopyOnWrite };
  if (isUp(world, from, ['running'])) throw stillRunning(from);
  if (isUp(world, to, ['running', 'frozen'])) throw stillRunning(to);
  const data = from.snapshotId === null ? world.data.get(from.computeId) : world.snapshots.get(snapshotKey(from))?.data;
  if (data === undefined) throw dataMissing(request);
  if (to.snapshotId !== null) world.snapshots.set(snapshotKey(to), { data, isComplete: true });
  else if (world.copies.get(to.computeId) !== copyId) {
    world.data.set(to.computeId, data);
    world.copies.set(to.computeId, copyId);
  }
  return outcome;
}

export function snapshotKey({ computeId, snapshotId }: DataRef): string {
  return `${computeId}/${snapshotId ?? ''}`;
}

function isUp(world: FakeWorld, { computeId, snapshotId }: DataRef, states: readonly string[]): boolean {
  return snapshotId === null && states.includes(world.instances.get(computeId)?.state ?? 'stopped');
}
