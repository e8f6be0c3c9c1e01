import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../src/lib/clock.ts';
import { DEPTHS, isDeeper, keepsProcess, type Depth } from '../../src/lib/domain/index.ts';
import type { Driver, Instance } from '../../src/lib/drivers/index.ts';
import { verbContext, type Subject, type Workbench } from './driver-harness.ts';

/** Every way down and back up; a driver that does not have a depth takes it for another one. */
const PAIRS = DEPTHS.flatMap((from) =>
  DEPTHS.filter((depth) => isDeeper(depth, from)).map((depth) => ({ from, depth })),
);

export function describeDepths(current: () => Workbench): void {
  describe('sleeping and waking', () => {
    it.each(DEPTHS)('suspends to %s cleanly and wakes with every row', async (depth) => {
      const bench = current();
      const subject = await bench.launch(3);
      expect(await bench.suspend(subject, depth)).toEqual(cleanly(bench.driver, depth));
      expect(await depthOf(bench, subject)).toBe(stateAt(reachable(bench.driver, depth)));
      await bench.start(subject);
      expect(await depthOf(bench, subject)).toBe('running');
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [3] : null);
    });

    it.each(PAIRS)('goes from $from down to $depth and wakes with every row', async ({ from, depth }) => {
      const bench = current();
      const subject = await bench.launch(4);
      await bench.suspend(subject, from);
      expect(await bench.suspend(subject, depth)).toEqual(cleanly(bench.driver, depth));
      expect(await depthOf(bench, subject)).toBe(stateAt(reachable(bench.driver, depth)));
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [4] : null);
    });

    it.each(PAIRS)('stays at $depth when asked for the shallower $from', async ({ from, depth }) => {
      const bench = current();
      const subject = await bench.launch();
      await bench.suspend(subject, depth);
      const there = reachable(bench.driver, depth);
      expect(await bench.suspend(subject, from)).toMatchObject({ isClean: true, depth: there });
      expect(await depthOf(bench, subject)).toBe(stateAt(there));
    });

    it.each([0, 40, 80, 120, 160, 240])(
      'suspends a server that began to start %i ms ago, and loses nothing',
      async (ageMs) => {
        const bench = current();
        const subject = await bench.launch(12);
        await bench.suspend(subject, 'parked');
        await bench.driver.start(subject.spec, verbContext());
        await createSystemClock().sleep(ageMs);
        // Clean or not: early enough in its start, a server has nothing to shut down.
        await bench.suspend(subject, 'parked');
        expect(await depthOf(bench, subject)).toBe('parked');
        await bench.start(subject);
        expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [12] : null);
      },
    );

    it.each([0, 10, 30, 60, 120, 240])(
      'can be called off %i ms into a step from frozen to parked, and wakes with every row',
      async (ageMs) => {
        const bench = current();
        const subject = await bench.launch(14);
        await bench.suspend(subject, 'frozen');
        const calledOff = AbortSignal.timeout(ageMs);
        // Too late is no failure: then it is parked.
        await bench.driver.suspend(subject.id, 'parked', verbContext(calledOff)).catch(() => null);
        await bench.start(subject);
        expect(await depthOf(bench, subject)).toBe('running');
        expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [14] : null);
      },
    );

    it('suspends twice as once', async () => {
      const bench = current();
      const subject = await bench.launch();
      await bench.suspend(subject, 'parked');
      const before = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(await bench.suspend(subject, 'parked')).toEqual(cleanly(bench.driver, 'parked'));
      expect(await bench.driver.inspect(subject.id, verbContext().signal)).toEqual(before);
    });

    it('knows how and when a suspended server ended', async () => {
      const bench = current();
      const subject = await bench.launch();
      const wallBeforeMs = Date.now();
      await bench.suspend(subject, 'parked');
      const instance = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(instance).toMatchObject({ endpoint: null, exit: { code: 0, isOutOfMemory: false } });
      // A fake has a clock of its own; a container's finish time may be cut to the second.
      if (bench.hasSql) expect(instance?.exit?.atMs).toBeGreaterThan(wallBeforeMs - 1000);
    });

    it.each(['frozen', 'hibernated'] as const)('keeps connections and their state while %s', async (depth) => {
      const bench = current();
      const subject = await bench.launch();
      const before = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(await bench.suspend(subject, depth)).toEqual(cleanly(bench.driver, depth));
      const frozen = await bench.driver.inspect(subject.id, verbContext().signal);
      expect(frozen).toMatchObject({ state: 'frozen', endpoint: before?.endpoint });
      expect(await bench.driver.start(subject.spec, verbContext())).toEqual(before?.endpoint);
      if (bench.hasSql) await expectSessionToSurvive(bench, subject, depth);
    });

    it('creates an instance again from data alone, without touching it', async () => {
      const bench = current();
      const subject = await bench.launch(6);
      await bench.suspend(subject, 'removed');
      await bench.create(subject);
      await bench.start(subject);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [6] : null);
    });
  });
}

async function expectSessionToSurvive(bench: Workbench, subject: Subject, depth: Depth): Promise<void> {
  await using connection = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
  await connection.queryRows('CREATE TEMPORARY TABLE scratch AS SELECT 42 AS answer');
  await bench.suspend(subject, depth);
  await bench.start(subject);
  expect(await connection.queryRows('SELECT answer FROM scratch')).toEqual([{ answer: 42 }]);
}

/** With the reason where it was to hibernate and the driver cannot. */
function cleanly(driver: Driver, asked: Depth): unknown {
  const depth = reachable(driver, asked);
  const isShort = asked === 'hibernated' && depth !== 'hibernated';
  return { isClean: true, depth, shortfall: isShort ? expect.any(String) : null };
}

/** A driver sees of a hibernated instance that it is frozen. */
function stateAt(depth: Depth): Instance['state'] | 'removed' {
  return depth === 'hibernated' ? 'frozen' : depth;
}

/** What a driver makes of a depth: its deepest when asked for a deeper one than it has. */
function reachable(driver: Driver, depth: Depth): Depth {
  const deepest = driver.capabilities.depths.findLast((known) => !isDeeper(known, depth));
  if (deepest !== undefined && keepsProcess(deepest) === keepsProcess(depth)) return deepest;
  return driver.capabilities.depths.find((known) => isDeeper(known, depth)) ?? depth;
}

async function depthOf(bench: Workbench, subject: Subject): Promise<Instance['state'] | 'removed'> {
  const instance = await bench.driver.inspect(subject.id, verbContext().signal);
  return instance?.state ?? 'removed';
}
