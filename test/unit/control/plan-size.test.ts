import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { planSize, sizeAsks, type LoadSample, type Lull } from '../../../src/lib/control/plan-size.ts';
import type { Size } from '../../../src/lib/domain/index.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const DOWN_AFTER_MS = 60_000;
const TICK_MS = 2_000;

const IDLE: LoadSample = {
  seconds: 2,
  cpuSeconds: 0.01,
  memoryBytes: 90 * MIB,
  poolBytes: 512 * MIB,
  dataBytes: 20 * MIB,
  requests: 10,
  misses: 0,
  isWarming: false,
};
const RANGE: Size = { min: 0.25, max: 4, now: 1 };

function plan(sample: Partial<LoadSample>, size: Size = RANGE, lull: Lull | null = null, nowMs = 0) {
  return planSize({ ...IDLE, ...sample }, size, lull, { nowMs, downAfterMs: DOWN_AFTER_MS });
}

describe('the size that a load asks for', () => {
  it.each([
    ['CPU within its bounds', { cpuSeconds: 1.4 }, 1],
    ['CPU above its target', { cpuSeconds: 1.7 }, 1.25],
    ['CPU at the limit, which hides how much more', { cpuSeconds: 2 }, 2],
    ['memory beside the buffer pool', { memoryBytes: 2.5 * GIB }, 1.75],
    ['a full pool that misses', { poolBytes: 2 * GIB, dataBytes: 2 * GIB, requests: 10_000, misses: 400 }, 2],
  ])('is the largest of all: %s', (_what, sample, cu) => {
    expect(plan(sample).cu).toBe(cu);
  });

  it('does not grow for misses while the pool is not full, or nobody is there to miss anything', () => {
    expect(plan({ poolBytes: 2 * GIB, dataBytes: GIB, requests: 10_000, misses: 400 }).asks.cache).toBeLessThan(2);
    expect(plan({ poolBytes: 2 * GIB, dataBytes: 2 * GIB, requests: 100, misses: 100 }).asks.cache).toBe(0.25);
  });

  it('does not grow for what is missed while the cache is still coming back, and does not shrink below what is in it', () => {
    const missing = { poolBytes: 2 * GIB, dataBytes: 2 * GIB, requests: 10_000, misses: 9_000 };
    expect(plan({ ...missing, isWarming: true })).toMatchObject({ cu: 1, asks: { cache: 1 } });
    expect(plan(missing).cu).toBe(2);
  });

  it('goes down only after less was enough for a while, and then to the most that was wanted in it', () => {
    const first = plan({ cpuSeconds: 0.2 });
    expect(first).toMatchObject({ cu: 1, lull: { sinceMs: -2_000, mostCu: 0.25 } });
    const second = plan({ cpuSeconds: 0.7 }, RANGE, first.lull, 30_000);
    expect(second).toMatchObject({ cu: 1, lull: { sinceMs: -2_000, mostCu: 0.5 } });
    expect(plan({ cpuSeconds: 0.1 }, RANGE, second.lull, 57_999)).toMatchObject({ cu: 1, lull: second.lull });
    expect(plan({ cpuSeconds: 0.1 }, RANGE, second.lull, 58_000)).toMatchObject({ cu: 0.5, lull: null });
  });

  it('does not go down by one sample, however long it was', () => {
    const long = { seconds: 600, cpuSeconds: 6 };
    const first = plan(long);
    expect(first).toMatchObject({ cu: 1, lull: { sinceMs: -600_000, mostCu: 0.25 } });
    expect(plan({}, RANGE, first.lull, TICK_MS).cu).toBe(0.25);
  });

  it('begins to wait anew when the size was wanted again meanwhile', () => {
    const { lull } = plan({ cpuSeconds: 0.2 });
    expect(plan({ cpuSeconds: 1.4 }, RANGE, lull, 30_000).lull).toBeNull();
  });

  it('is brought into a range that was changed at once', () => {
    expect(plan({}, { min: 0.25, max: 0.5, now: 2 }).cu).toBe(0.25);
    expect(plan({}, { min: 1, max: 2, now: 0.5 }).cu).toBe(1);
  });
});

const quarters = (from: number, to: number) => fc.integer({ min: from * 4, max: to * 4 }).map((count) => count / 4);
const sizes: fc.Arbitrary<Size> = fc
  .tuple(quarters(0.25, 8), quarters(0, 8), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([min, more, share]) => ({ min, max: min + more, now: min + Math.round(more * share * 4) / 4 }));
const samples: fc.Arbitrary<LoadSample> = fc.record({
  seconds: fc.constant(2),
  cpuSeconds: fc.double({ min: 0, max: 20, noNaN: true }),
  memoryBytes: fc.integer({ min: 0, max: 40 * GIB }),
  poolBytes: fc.integer({ min: 512 * MIB, max: 16 * GIB }),
  dataBytes: fc.integer({ min: 0, max: 16 * GIB }),
  requests: fc.integer({ min: 0, max: 1_000_000 }),
  misses: fc.integer({ min: 0, max: 100_000 }),
  isWarming: fc.boolean(),
});

/** What a steady demand looks like to a server of a size: no more CPU than it has, no more data than its pool. */
function seenAt(cu: number, demand: { cpu: number; otherBytes: number; dataBytes: number; requests: number }) {
  const poolBytes = cu * 2 * GIB;
  const dataBytes = Math.min(poolBytes * 0.98, demand.dataBytes);
  const missing = demand.dataBytes === 0 ? 0 : 1 - dataBytes / demand.dataBytes;
  return {
    seconds: TICK_MS / 1000,
    cpuSeconds: Math.min(cu, demand.cpu) * (TICK_MS / 1000),
    memoryBytes: dataBytes + demand.otherBytes,
    poolBytes,
    dataBytes,
    requests: demand.requests,
    misses: demand.requests * missing,
    isWarming: false,
  };
}

describe('planning sizes, whatever the load', () => {
  it('stays within the range', () => {
    fc.assert(
      fc.property(samples, sizes, fc.nat(200_000), (sample, size, nowMs) => {
        const lull = nowMs % 2 === 0 ? null : { sinceMs: 0, mostCu: size.min };
        const { cu } = planSize(sample, size, lull, { nowMs, downAfterMs: DOWN_AFTER_MS });
        expect(cu).toBeGreaterThanOrEqual(size.min);
        expect(cu).toBeLessThanOrEqual(size.max);
        expect(Number.isInteger(cu * 4)).toBe(true);
      }),
    );
  });

  it('never asks for less when there is more of everything, or of one thing', () => {
    const factor = fc.double({ min: 1, max: 5, noNaN: true });
    const part = fc.constantFrom<readonly string[]>(
      ['cpuSeconds'],
      ['memoryBytes'],
      ['misses'],
      ['cpuSeconds', 'requests', 'misses'],
    );
    fc.assert(
      fc.property(samples, sizes, factor, part, (sample, { now }, times, names) => {
        const more = Object.fromEntries(
          Object.entries(sample).map(([name, value]) => [name, names.includes(name) ? value * times : value]),
        ) as unknown as LoadSample;
        const before = sizeAsks(sample, now);
        const after = sizeAsks(more, now);
        for (const key of ['cpu', 'memory', 'cache'] as const) expect(after[key]).toBeGreaterThanOrEqual(before[key]);
      }),
    );
  });

  it('settles on a steady demand: once it went down it does not go up again', () => {
    const demands = fc.record({
      cpu: fc.double({ min: 0, max: 10, noNaN: true }),
      otherBytes: fc.integer({ min: 0, max: 8 * GIB }),
      dataBytes: fc.integer({ min: 0, max: 20 * GIB }),
      requests: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(demands, sizes, (demand, size) => {
        const trace = live(demand, size);
        const lastDown = trace.findLastIndex((cu, at) => at > 0 && cu < (trace[at - 1] ?? cu));
        const firstDown = trace.findIndex((cu, at) => at > 0 && cu < (trace[at - 1] ?? cu));
        const ups = trace.filter((cu, at) => at > 0 && cu > (trace[at - 1] ?? cu));
        const upsAfterDown = trace.slice(firstDown).filter((cu, at, rest) => at > 0 && cu > (rest[at - 1] ?? cu));
        if (firstDown !== -1) expect(upsAfterDown).toEqual([]);
        expect(ups.length).toBeLessThanOrEqual(8);
        expect(lastDown).toBeLessThan(300);
      }),
    );
  });
});

/** Half an hour of it. */
function live(demand: Parameters<typeof seenAt>[1], start: Size): number[] {
  let size = start;
  let lull: Lull | null = null;
  const trace = [size.now];
  for (let tick = 1; tick <= 900; tick += 1) {
    const clock = { nowMs: tick * TICK_MS, downAfterMs: DOWN_AFTER_MS };
    const next = planSize(seenAt(size.now, demand), size, lull, clock);
    size = { ...size, now: next.cu };
    lull = next.lull;
    trace.push(next.cu);
  }
  return trace;
}
