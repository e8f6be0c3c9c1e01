import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Segment } from '../../../src/lib/domain/index.ts';
import { createStore, type SegmentFilter, type Store } from '../../../src/lib/store/index.ts';
import { lifeSteps, live, share } from '../../support/random-life.ts';
import { createActive, suspend, wake } from '../../support/store-life.ts';

const DAY_MS = 86_400_000;
const EVERYTHING: SegmentFilter = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function idsOf(segments: Iterable<Segment>): number[] {
  return Array.from(segments, ({ id }) => id).sort((a, b) => a - b);
}

describe('segments in a window', () => {
  /** Active from 1000 to 1500 (2), from 2000 to 2500 (6), and since 3000 (10). */
  function threeSpans(): Store {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 1000);
    suspend(store, 'c1', 1500, 500);
    wake(store, 'c1', 2000);
    suspend(store, 'c1', 2500, 500);
    wake(store, 'c1', 3000);
    return store;
  }

  it.each<[string, number, number, number[]]>([
    ['all', 0, 9000, [2, 6, 10]],
    ['one that lies inside', 1900, 2600, [6]],
    ['one that reaches in', 1400, 1600, [2]],
    ['one that reaches out', 1900, 2100, [6]],
    ['one that reaches over both ends', 2100, 2200, [6]],
    ['none in a gap', 1600, 1900, []],
    ['not one that ends where the window begins', 2500, 2900, []],
    ['not one that begins where the window ends', 2600, 3000, []],
    ['an open one that began long before', 8000, 9000, [10]],
  ])('are %s', (_, fromMs, toMs, expected) => {
    expect(idsOf(threeSpans().segments({ fromMs, toMs }))).toEqual(expected);
  });

  it('include one that began months before', () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 0);
    suspend(store, 'c1', 100 * DAY_MS, 100 * DAY_MS);
    const window = { fromMs: 90 * DAY_MS, toMs: 91 * DAY_MS };
    expect(idsOf(store.segments(window))).toEqual([2]);
    expect(idsOf(store.edgeSegments(window))).toEqual([2]);
    expect(store.sumSegments(window)).toEqual([]);
  });

  it('can be asked for one compute, one name or one project', () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 1000, { name: 'shop', project: 'a' });
    createActive(store, 'c2', 1000, { name: 'shop', project: 'b' });
    createActive(store, 'c3', 1000, { name: 'blog', project: 'b' });
    expect(idsOf(store.segments({ ...EVERYTHING, computeId: 'c1' }))).toEqual([2]);
    expect(idsOf(store.segments({ ...EVERYTHING, computeName: 'shop' }))).toEqual([2, 4]);
    expect(idsOf(store.segments({ ...EVERYTHING, project: 'b' }))).toEqual([4, 6]);
    expect(idsOf(store.segments({ ...EVERYTHING, project: 'b', computeName: 'shop' }))).toEqual([4]);
  });

  it('can be read while events are written', () => {
    const store = threeSpans();
    const seen: number[] = [];
    for (const segment of store.segments(EVERYTHING)) {
      seen.push(segment.id);
      if (segment.id === 6) suspend(store, 'c1', 3500, 500);
    }
    expect(seen).toEqual(expect.arrayContaining([2, 6]));
    expect(store.verify().isConsistent).toBe(true);
  });
});

describe('sums of segments', () => {
  it('add up those that lie wholly inside', () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 1000, { name: 'shop', size: { min: 0.25, max: 1, now: 0.25 } });
    suspend(store, 'c1', 1500, 500);
    wake(store, 'c1', 2000);
    suspend(store, 'c1', 2301, 301);
    wake(store, 'c1', 3000);
    expect(store.sumSegments({ fromMs: 1000, toMs: 9000 })).toEqual([
      {
        computeId: 'c1',
        computeName: 'shop',
        project: 'default',
        activeMs: 801,
        frozenMs: 0,
        hibernatedMs: 0,
        cuMs: 200.25,
        wakes: 1,
        firstMs: 1000,
        lastMs: 2301,
      },
    ]);
    expect(store.sumSegments({ fromMs: 1001, toMs: 9000 })).toMatchObject([{ activeMs: 301, firstMs: 2000 }]);
    expect(store.sumSegments({ fromMs: 1000, toMs: 2300 })).toMatchObject([{ activeMs: 500, lastMs: 1500 }]);
    expect(store.sumSegments({ fromMs: 1000, toMs: 2301 })).toMatchObject([{ activeMs: 801 }]);
  });

  it('and the segments at the edges are together what touches any window', () => {
    fc.assert(
      fc.property(lifeSteps, share, share, (steps, a, b) => {
        const store = createStore({ path: ':memory:' });
        const { endMs } = live(store, steps);
        const all = [...store.segments(EVERYTHING)];
        const startMs = Math.min(endMs, ...all.map(({ startedAtMs }) => startedAtMs));
        const [low, high] = a < b ? [a, b] : [b, a];
        const fromMs = startMs + Math.floor((endMs - startMs) * low);
        const toMs = startMs + Math.floor((endMs - startMs) * high);
        const touching = all.filter((segment) => touches(segment, fromMs, toMs));
        const inside = touching.filter(
          ({ startedAtMs, lengthMs }) => startedAtMs >= fromMs && lengthMs !== null && startedAtMs + lengthMs <= toMs,
        );
        expect(idsOf(store.segments({ fromMs, toMs }))).toEqual(idsOf(touching));
        expect(idsOf(store.edgeSegments({ fromMs, toMs }))).toEqual(
          idsOf(touching.filter((segment) => !inside.includes(segment))),
        );
        const sums = store.sumSegments({ fromMs, toMs });
        const lengthsAt = (depth: Segment['depth']) =>
          total(inside.filter((segment) => segment.depth === depth).map(({ lengthMs }) => lengthMs ?? 0));
        expect(total(sums.map(({ activeMs }) => activeMs))).toBe(lengthsAt(null));
        expect(total(sums.map(({ frozenMs }) => frozenMs))).toBe(lengthsAt('frozen'));
        expect(total(sums.map(({ hibernatedMs }) => hibernatedMs))).toBe(lengthsAt('hibernated'));
        const active = inside.filter(({ depth }) => depth === null);
        expect(total(sums.map(({ cuMs }) => cuMs))).toBe(total(active.map(({ lengthMs, cu }) => (lengthMs ?? 0) * cu)));
        store.close();
      }),
      { numRuns: 150 },
    );
  });
});

function touches({ startedAtMs, lengthMs }: Segment, fromMs: number, toMs: number): boolean {
  if (startedAtMs >= fromMs) return startedAtMs < toMs;
  return lengthMs === null || startedAtMs + lengthMs > fromMs;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
