import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { CopyOutcome, DataRef, SnapshotRef } from '../../src/lib/drivers/index.ts';
import { DozeError } from '../../src/lib/errors/index.ts';
import { inTime, verbContext, type Subject, type Workbench } from './driver-harness.ts';

/** Copies of data: to a snapshot, to another compute, and back. */
export function describeCopies(current: () => Workbench): void {
  describe('copying data', () => {
    it.each(['frozen', 'parked', 'removed'] as const)(
      'makes a second compute of one that is %s, with passwords of its own, and leaves the first as it was',
      async (depth) => {
        const bench = current();
        const original = await bench.launch(3);
        await bench.suspend(original, depth);
        const before = await bench.driver.inspect(original.id, verbContext().signal);
        const copy = await bench.newCopy();
        const outcome = await copyTo(bench, ownData(original), copy);
        expect(outcome.bytes).toBeGreaterThan(bench.hasSql ? 1_000_000 : 0);
        expect(await bench.driver.inspect(original.id, verbContext().signal)).toEqual(before);
        await bench.create(copy);
        await bench.start(copy);
        expect(await bench.readValues(copy)).toEqual(bench.hasSql ? [3] : null);
        await bench.storeValue(copy, 4);
        await bench.start(original);
        expect(await bench.readValues(original)).toEqual(bench.hasSql ? [3] : null);
      },
    );

    it('keeps what was, and puts it back', async () => {
      const bench = current();
      const subject = await bench.launch(1);
      await bench.suspend(subject, 'frozen');
      const snapshot = await takeSnapshot(bench, subject);
      await bench.start(subject);
      await bench.storeValue(subject, 2);
      await bench.suspend(subject, 'removed');
      await bench.driver.remove(subject.id, verbContext());
      await copyTo(bench, snapshot, subject);
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [1] : null);
    });

    it('does not do again what is done: what was written since stays', async () => {
      const bench = current();
      const subject = await bench.launch(1);
      await bench.suspend(subject, 'removed');
      const snapshot = await takeSnapshot(bench, subject);
      await bench.driver.remove(subject.id, verbContext());
      const first = await copyTo(bench, snapshot, subject, 'r1');
      await bench.start(subject);
      await bench.storeValue(subject, 2);
      await bench.suspend(subject, 'removed');
      expect(await copyTo(bench, snapshot, subject, 'r1')).toEqual(first);
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [1, 2] : null);
    });

    it('lists a snapshot once it is whole, and not when it is deleted', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.suspend(subject, 'parked');
      const snapshot = await takeSnapshot(bench, subject);
      const listed = { ...snapshot, isComplete: true };
      expect(await bench.driver.listSnapshots(verbContext().signal)).toEqual([listed]);
      await bench.restartAgent();
      expect(await bench.driver.listSnapshots(verbContext().signal)).toEqual([listed]);
      expect(await bench.driver.listData(verbContext().signal)).toEqual([subject.id]);
      await bench.driver.removeSnapshot(snapshot, verbContext());
      await bench.driver.removeSnapshot(snapshot, verbContext());
      expect(await bench.driver.listSnapshots(verbContext().signal)).toEqual([]);
    });

    it('refuses to copy what a server writes to, and to copy under a server', async () => {
      const bench = current();
      const subject = await bench.launch(1);
      const refused = takeSnapshot(bench, subject);
      await expect(refused).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await bench.suspend(subject, 'frozen');
      const snapshot = await takeSnapshot(bench, subject);
      await expect(copyTo(bench, snapshot, subject)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await bench.start(subject);
      await expect(copyTo(bench, snapshot, subject)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [1] : null);
    });

    it('says that data is gone rather than copying nothing', async () => {
      const bench = current();
      const copy = await bench.newCopy();
      const nobody = { computeId: 'c0unknown', snapshotId: null };
      await expect(copyTo(bench, nobody, copy)).rejects.toMatchObject({ code: 'INSTANCE_LOST' });
      const nothing = { computeId: copy.id, snapshotId: 's0unknown' };
      await expect(copyTo(bench, nothing, copy)).rejects.toMatchObject({ code: 'SNAPSHOT_LOST' });
      expect(await bench.driver.listData(verbContext().signal)).not.toContain(copy.id);
    });

    it.each([0, 20, 60, 120, 250])(
      'can be cut short after %i ms: what is listed as whole is whole, and the same copy can be finished',
      async (ageMs) => {
        const bench = current();
        const subject = await bench.launch(5);
        await bench.suspend(subject, 'parked');
        const snapshotId = newSnapshotId();
        const cut = AbortSignal.timeout(ageMs);
        await takeSnapshot(bench, subject, snapshotId, cut).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DozeError);
        });
        await bench.restartAgent();
        await takeSnapshot(bench, subject, snapshotId);
        expect(await bench.driver.listSnapshots(verbContext().signal)).toEqual([
          { computeId: subject.id, snapshotId, isComplete: true },
        ]);
        const copy = await bench.newCopy();
        await copyTo(bench, { computeId: subject.id, snapshotId }, copy);
        await bench.create(copy);
        await bench.start(copy);
        expect(await bench.readValues(copy)).toEqual(bench.hasSql ? [5] : null);
      },
    );
  });
}

function ownData({ id }: Subject): DataRef {
  return { computeId: id, snapshotId: null };
}

function newSnapshotId(): string {
  return `s${randomBytes(4).toString('hex')}`;
}

function copyTo(bench: Workbench, from: DataRef, to: Subject, copyId = newSnapshotId()): Promise<CopyOutcome> {
  return inTime(bench.driver, to, 'copy to', (context) =>
    bench.driver.copyData({ from, to: ownData(to), copyId, spec: to.spec }, context),
  );
}

async function takeSnapshot(
  bench: Workbench,
  subject: Subject,
  snapshotId = newSnapshotId(),
  signal?: AbortSignal,
): Promise<SnapshotRef> {
  const to = { computeId: subject.id, snapshotId };
  const request = { from: ownData(subject), to, copyId: snapshotId, spec: subject.spec };
  await (signal === undefined
    ? inTime(bench.driver, subject, 'snapshot', (context) => bench.driver.copyData(request, context))
    : bench.driver.copyData(request, verbContext(signal)));
  return to;
}
