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
    expect(store.usageSums(window, { byCompute: true, per: null })).toMatchObject([{ activeMs: DAY_MS, wakes: 0 }]);
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

it('segments of any window are those that touch it', () => {
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
      expect(idsOf(store.segments({ fromMs, toMs }))).toEqual(idsOf(touching));
      const open = all.filter(({ lengthMs, startedAtMs }) => lengthMs === null && startedAtMs < toMs);
      expect(idsOf(store.openSegments({ fromMs, toMs }))).toEqual(idsOf(open));
      store.close();
    }),
    { numRuns: 150 },
  );
});

function touches({ startedAtMs, lengthMs }: Segment, fromMs: number, toMs: number): boolean {
  if (startedAtMs >= fromMs) return startedAtMs < toMs;
  return lengthMs === null || startedAtMs + lengthMs > fromMs;
}
