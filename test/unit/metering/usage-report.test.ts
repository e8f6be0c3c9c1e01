import { describe, expect, it } from 'vitest';

import { usageReport, type UsageQuery } from '../../../src/lib/metering/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { createActive, destroy, suspend, wake } from '../../support/store-life.ts';

const HALF = { min: 0.5, max: 0.5, now: 0.5 };
const QUARTER = { min: 0.25, max: 0.25, now: 0.25 };

/**
 * `shop` (half a unit) is active from 1000 to 3000, woken at 5000 and active since; `blog` (a quarter, in another
 * project) from 2000 to 2001.
 */
function filled(): Store {
  const store = createStore({ path: ':memory:' });
  createActive(store, 'c1', 1000, { name: 'shop', project: 'a', size: HALF });
  suspend(store, 'c1', 3000, 2000);
  createActive(store, 'c2', 2000, { name: 'blog', project: 'b', size: QUARTER });
  suspend(store, 'c2', 2001, 1);
  wake(store, 'c1', 5000);
  return store;
}

/** What nobody used, and what is measured elsewhere. */
const UNUSED = { storageByteHours: 0, bytesIn: 0, bytesOut: 0, queries: 0, wakeLatency: [] };
/** The test's wakes take 164 ms. */
const ONE_WAKE = { ...UNUSED, wakeLatency: [{ upToMs: 200, wakes: 1 }] };

/** The open segment has been measured to be this long. */
function report(store: Store, query: Partial<UsageQuery> = {}, openMs = 1500) {
  return usageReport(store, { sinceMs: 0, untilMs: 10_000, ...query }, () => openMs);
}

describe('a usage report', () => {
  it('has a line for each compute, each project, and a total', () => {
    expect(report(filled())).toEqual({
      sinceMs: 0,
      untilMs: 10_000,
      computes: [
        {
          project: 'a',
          compute: 'shop',
          computeId: 'c1',
          activeSeconds: 3.5,
          frozenSeconds: 0,
          hibernatedSeconds: 0,
          cuSeconds: 1.75,
          wakes: 1,
          ...ONE_WAKE,
          firstMs: 1000,
          lastMs: 6500,
        },
        {
          project: 'b',
          compute: 'blog',
          computeId: 'c2',
          activeSeconds: 0.001,
          frozenSeconds: 0,
          hibernatedSeconds: 0,
          cuSeconds: 0.00025,
          wakes: 0,
          ...UNUSED,
          firstMs: 2000,
          lastMs: 2001,
        },
      ],
      projects: [
        {
          project: 'a',
          compute: null,
          computeId: null,
          activeSeconds: 3.5,
          frozenSeconds: 0,
          hibernatedSeconds: 0,
          cuSeconds: 1.75,
          wakes: 1,
          ...ONE_WAKE,
          firstMs: 1000,
          lastMs: 6500,
        },
        {
          project: 'b',
          compute: null,
          computeId: null,
          activeSeconds: 0.001,
          frozenSeconds: 0,
          hibernatedSeconds: 0,
          cuSeconds: 0.00025,
          wakes: 0,
          ...UNUSED,
          firstMs: 2000,
          lastMs: 2001,
        },
      ],
      total: {
        activeSeconds: 3.501,
        frozenSeconds: 0,
        hibernatedSeconds: 0,
        cuSeconds: 1.75025,
        wakes: 1,
        ...ONE_WAKE,
      },
    });
  });

  it.each([
    ['the begin', { sinceMs: 1500 }, { activeSeconds: 3, firstMs: 1500, lastMs: 6500 }],
    ['the end', { untilMs: 6000 }, { activeSeconds: 3, firstMs: 1000, lastMs: 6000 }],
    ['both ends of one segment', { sinceMs: 1500, untilMs: 1600 }, { activeSeconds: 0.1, firstMs: 1500, lastMs: 1600 }],
  ])('cuts segments at %s of the window', (_, window, expected) => {
    expect(report(filled(), { project: 'a', ...window }).computes).toMatchObject([expected]);
  });

  it('asks how long an open segment is, whatever the clock on the wall says', () => {
    expect(report(filled(), { project: 'a' }, 0).total.activeSeconds).toBe(2);
    expect(report(filled(), { project: 'a' }, 1234.4).total.activeSeconds).toBe(3.234);
    expect(report(filled(), { project: 'a' }, 999_999).total.activeSeconds).toBe(7);
    expect(report(filled(), { project: 'a' }, -5).total).toMatchObject({ activeSeconds: 2, wakes: 1 });
  });

  it('says nothing of a segment that has been measured to end where the window begins', () => {
    expect(report(filled(), { project: 'a', sinceMs: 6500 }).computes).toMatchObject([{ firstMs: null, lastMs: null }]);
  });

  it('counts a wake in the window in which it happened', () => {
    const store = filled();
    const wakes = (sinceMs: number, untilMs: number) => report(store, { sinceMs, untilMs }).total.wakes;
    expect([wakes(0, 5000), wakes(5000, 5001), wakes(5001, 9000)]).toEqual([0, 1, 0]);
  });

  it('does not count a start that somebody asked for as a wake', () => {
    const store = filled();
    suspend(store, 'c1', 6000, 1000);
    wake(store, 'c1', 7000, 'resume');
    expect(report(store).total.wakes).toBe(1);
  });

  it('can be about one project or the computes of one name', () => {
    const store = filled();
    createActive(store, 'c3', 4000, { name: 'shop', project: 'b', size: HALF });
    const ids = (query: Partial<UsageQuery>) => report(store, query).computes.map(({ computeId }) => computeId);
    expect(ids({ project: 'b' })).toEqual(['c2', 'c3']);
    expect(ids({ compute: 'shop' })).toEqual(['c1', 'c3']);
    expect(ids({ project: 'b', compute: 'shop' })).toEqual(['c3']);
    expect(ids({ compute: 'nothing' })).toEqual([]);
  });

  it('keeps computes of one name apart, those destroyed included', () => {
    const store = filled();
    destroy(store, 'c1', 6000, 1000);
    createActive(store, 'c3', 7000, { name: 'shop', project: 'a', size: HALF });
    expect(report(store, { project: 'a' }, 500).computes).toMatchObject([
      { computeId: 'c1', compute: 'shop', activeSeconds: 3 },
      { computeId: 'c3', compute: 'shop', activeSeconds: 0.5 },
    ]);
  });

  it('has a line for a compute that slept all the time, but not for one that was not there', () => {
    const store = filled();
    const nothing = {
      activeSeconds: 0,
      frozenSeconds: 0,
      hibernatedSeconds: 0,
      cuSeconds: 0,
      wakes: 0,
      ...UNUSED,
      firstMs: null,
      lastMs: null,
    };
    expect(report(store, { sinceMs: 3500, untilMs: 4500 }).computes).toEqual([
      { project: 'a', compute: 'shop', computeId: 'c1', ...nothing },
      { project: 'b', compute: 'blog', computeId: 'c2', ...nothing },
    ]);
    expect(report(store, { sinceMs: 0, untilMs: 500 })).toMatchObject({ computes: [], projects: [] });
    destroy(store, 'c2', 3000, null);
    expect(report(store, { sinceMs: 3500, untilMs: 4500 }).computes).toMatchObject([{ computeId: 'c1' }]);
  });

  it('is empty for an empty window', () => {
    expect(report(filled(), { sinceMs: 2000, untilMs: 2000 }).total).toEqual({
      activeSeconds: 0,
      frozenSeconds: 0,
      hibernatedSeconds: 0,
      cuSeconds: 0,
      wakes: 0,
      ...UNUSED,
    });
  });
});
