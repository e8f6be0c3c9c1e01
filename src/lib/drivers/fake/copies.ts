import { dataMissing, stillRunning } from '../copy-errors.ts';
import type { CopyOutcome, CopyRequest, DataRef, Driver } from '../driver.ts';
import type { FakeWorld } from './world.ts';

const BYTES = 1024;

/** The verbs that have to do with copies. */
export function createFakeCopies(world: FakeWorld): Pick<Driver, 'copyData' | 'removeSnapshot' | 'listSnapshots'> {
  return {
    async copyData(request, context) {
      const { from, to } = request;
      await world.enter('copyData', `${from.computeId} ${to.computeId}`, context.signal);
      return copyInWorld(world, request);
    },
    async removeSnapshot(snapshot, context) {
      await world.enter('removeSnapshot', snapshot.computeId, context.signal);
      world.snapshots.delete(snapshotKey(snapshot));
    },
    listSnapshots: async () =>
      Promise.resolve(
        [...world.snapshots].map(([key, { isComplete }]) => {
          const [computeId = '', snapshotId = ''] = key.split('/');
          return { computeId, snapshotId, isComplete };
        }),
      ),
  };
}

function copyInWorld(world: FakeWorld, request: CopyRequest): CopyOutcome {
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

function snapshotKey({ computeId, snapshotId }: DataRef): string {
  return `${computeId}/${snapshotId ?? ''}`;
}

function isUp(world: FakeWorld, { computeId, snapshotId }: DataRef, states: readonly string[]): boolean {
  return snapshotId === null && states.includes(world.instances.get(computeId)?.state ?? 'stopped');
}
