import { describe, expect, it } from 'vitest';

import { verbContext, type Subject, type Workbench } from './driver-harness.ts';

const signal = (): AbortSignal => verbContext().signal;

/** A driver without limits takes every size and has none. */
function expected(bench: Workbench, cu: number): number | undefined {
  return bench.driver.capabilities.limits ? cu : undefined;
}

async function sizeOf(bench: Workbench, { id }: Subject): Promise<number | undefined> {
  return (await bench.driver.inspect(id, signal()))?.cu;
}

function atSize(subject: Subject, cu: number): Subject {
  return { ...subject, spec: { ...subject.spec, cu } };
}

export function describeResize(current: () => Workbench): void {
  describe('another size', () => {
    it.each([
      [0.25, 1],
      [1, 0.25],
    ])('is taken while the server runs, from %d to %d, and its sessions go on', async (from, to) => {
      const bench = current();
      const subject = await bench.launch(5);
      await bench.driver.resize(subject.id, from, verbContext());
      await using session = bench.hasSql
        ? await bench.connectAs(subject, 'owner', subject.credentials.userPassword)
        : null;
      await session?.queryRows('SET @mine = 7');
      expect(await sizeOf(bench, subject)).toBe(expected(bench, from));
      await bench.driver.resize(subject.id, to, verbContext());
      await bench.driver.resize(subject.id, to, verbContext());
      expect(await sizeOf(bench, subject)).toBe(expected(bench, to));
      expect(await session?.queryRows('SELECT @mine AS mine')).toEqual(session === null ? undefined : [{ mine: 7 }]);
    });

    it.each(['parked', 'stopped', 'frozen', 'removed'] as const)(
      'waits for the next start of one that is %s',
      async (depth) => {
        const bench = current();
        const subject = await bench.launch(6);
        await bench.suspend(subject, depth);
        await bench.driver.resize(subject.id, 0.5, verbContext());
        await bench.start(atSize(subject, 0.5));
        expect(await sizeOf(bench, subject)).toBe(expected(bench, 0.5));
        expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [6] : null);
        await bench.suspend(subject, 'parked');
        await bench.start(subject);
        expect(await sizeOf(bench, subject)).toBe(expected(bench, 0.25));
      },
    );

    it('is not made smaller for one that is frozen, as its server holds what it held', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.driver.resize(subject.id, 1, verbContext());
      await bench.suspend(subject, 'frozen');
      await bench.start(subject);
      expect(await sizeOf(bench, subject)).toBe(expected(bench, 1));
    });

    it('outlives the agent', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.driver.resize(subject.id, 0.75, verbContext());
      await bench.restartAgent();
      expect(await sizeOf(bench, subject)).toBe(expected(bench, 0.75));
    });

    it('of an instance that is not there is nothing', async () => {
      await expect(current().driver.resize('c0', 1, verbContext())).resolves.toBeUndefined();
    });
  });

  describe('the use of CPU and memory', () => {
    it('grows while the server runs, and is told of no other', async () => {
      const bench = current();
      const subject = await bench.launch();
      const before = await bench.driver.usage(subject.id, signal());
      if (bench.hasSql) {
        await using session = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
        await session.queryRows("SELECT BENCHMARK(3000000, MD5('x'))");
      }
      const after = await bench.driver.usage(subject.id, signal());
      expect(after?.cpuSeconds).toBeGreaterThanOrEqual((before?.cpuSeconds ?? 0) + (bench.hasSql ? 0.1 : 0));
      expect(after?.memoryBytes).toBeGreaterThanOrEqual(bench.hasSql ? 16 * 1024 ** 2 : 0);
      await bench.suspend(subject, 'stopped');
      expect(await bench.driver.usage(subject.id, signal())).toBeNull();
      expect(await bench.driver.usage('c0', signal())).toBeNull();
    });
  });
}
