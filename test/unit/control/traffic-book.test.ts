import { describe, expect, it } from 'vitest';

import { createTrafficBook } from '../../../src/lib/control/traffic-book.ts';
import type { HourlyTraffic, TrafficDelta } from '../../../src/lib/store/index.ts';
import { createHarness } from '../../support/control-harness.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const HOUR_MS = 3_600_000;

function delta(queries: number, computeId = 'c1'): TrafficDelta {
  return { computeId, bytesIn: 10 * queries, bytesOut: 100 * queries, queries };
}

/** A gate that is asked and answers when it is told to. */
function bookOver(answers: (() => Promise<readonly TrafficDelta[]>)[]) {
  const clock = createSimulatedClock();
  const book = createTrafficBook({
    clock,
    gate: { takeTraffic: () => answers.shift()?.() ?? Promise.resolve([]) },
  });
  const handed: HourlyTraffic[] = [];
  return { book, handed, write: (traffic: HourlyTraffic) => void handed.push(traffic) };
}

describe('what clients did', () => {
  it('is handed over once, added up', async () => {
    const { book, handed, write } = bookOver([
      () => Promise.resolve([delta(1), delta(2, 'c2')]),
      () => Promise.resolve([delta(4)]),
    ]);
    await book.collect();
    await book.collect();
    book.hand(write);
    book.hand(write);
    expect(handed.map(({ deltas }) => deltas)).toEqual([[delta(5), delta(2, 'c2')], []]);
  });

  it('stays until it could be written', async () => {
    const { book, handed, write } = bookOver([() => Promise.resolve([delta(1)]), () => Promise.resolve([delta(2)])]);
    await book.collect();
    expect(() =>
      book.hand(() => {
        throw new RangeError('the disk is full');
      }),
    ).toThrow('the disk is full');
    await book.collect();
    book.hand(write);
    expect(handed.map(({ deltas }) => deltas)).toEqual([[delta(3)]]);
  });

  it('is not waited for for ever, and not lost when it comes late', async () => {
    const late = Promise.withResolvers<readonly TrafficDelta[]>();
    const { book, handed, write } = bookOver([() => late.promise, () => Promise.reject(new RangeError('gone'))]);
    await book.collect();
    book.hand(write);
    late.resolve([delta(3)]);
    await book.collect();
    book.hand(write);
    await book.collect();
    expect(handed.map(({ deltas }) => deltas)).toEqual([[], [delta(3)]]);
  });
});

describe('the ledger', () => {
  it('has it with the next heartbeat, in the hour in which it was', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.gate.traffic.push(delta(2, id));
    await harness.clock.advance(5_000);
    harness.gate.traffic.push(delta(1, id));
    await harness.clock.advance(HOUR_MS);
    const everything = { fromMs: 0, toMs: harness.clock.wallMs() + HOUR_MS };
    const hours = [...harness.store.usageHours(everything)];
    expect(hours.reduce((sum, { queries }) => sum + queries, 0)).toBe(3);
    expect(hours[0]).toMatchObject({ bytesIn: 30, bytesOut: 300 });
  });

  it('is told at the end what came since the last heartbeat', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.gate.traffic.push(delta(7, id));
    await harness.control.collectTraffic();
    harness.control.close();
    const everything = { fromMs: 0, toMs: harness.clock.wallMs() + HOUR_MS };
    expect(harness.store.usageSums(everything, { byCompute: false, per: null })).toMatchObject([{ queries: 7 }]);
  });
});
