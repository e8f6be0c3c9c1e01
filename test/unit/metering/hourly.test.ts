import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Segment } from '../../../src/lib/domain/index.ts';
import { hourlyUsage, usageReport, type HourQuery, type HourUsage } from '../../../src/lib/metering/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { lifeSteps, live, share } from '../../support/random-life.ts';
import { createActive, destroy, suspend, wake } from '../../support/store-life.ts';

const HOUR_MS = 3_600_000;
const NEW_YEAR_MS = Date.parse('2026-01-01T00:00:00Z');
const HALF = { min: 0.5, max: 0.5, now: 0.5 };

/** `shop` is awake from half an hour before the new year for two hours, then woken for ten seconds over an hour's end. */
function filled(): Store {
  const store = createStore({ path: ':memory:' });
  createActive(store, 'c1', NEW_YEAR_MS - HOUR_MS / 2, { name: 'shop', project: 'a', size: HALF });
  suspend(store, 'c1', NEW_YEAR_MS + 1.5 * HOUR_MS, 2 * HOUR_MS);
  wake(store, 'c1', NEW_YEAR_MS + 3 * HOUR_MS - 4000);
  suspend(store, 'c1', NEW_YEAR_MS + 3 * HOUR_MS + 6000, 10_000);
  return store;
}

function hours(store: Store, query: Partial<HourQuery> = {}, openMs = 0): HourUsage[] {
  return [...hourlyUsage(store, { sinceMs: 0, untilMs: NEW_YEAR_MS + 48 * HOUR_MS, ...query }, () => openMs)];
}

describe('usage by the hour', () => {
  it('cuts a segment at the hours it reaches over, and leaves out hours without any use', () => {
    const brief = hours(filled()).map(({ hourMs, activeMs, quarterCuMs, wakes }) => [
      new Date(hourMs).toISOString(),
      activeMs,
      quarterCuMs,
      wakes,
    ]);
    expect(brief).toEqual([
      ['2025-12-31T23:00:00.000Z', HOUR_MS / 2, HOUR_MS, 0],
      ['2026-01-01T00:00:00.000Z', HOUR_MS, 2 * HOUR_MS, 0],
      ['2026-01-01T01:00:00.000Z', HOUR_MS / 2, HOUR_MS, 0],
      ['2026-01-01T02:00:00.000Z', 4000, 8000, 1],
      ['2026-01-01T03:00:00.000Z', 6000, 12_000, 0],
    ]);
  });

  it('holds only what is inside the window, under the begin of its hour', () => {
    const cut = hours(filled(), { sinceMs: NEW_YEAR_MS + 1000, untilMs: NEW_YEAR_MS + HOUR_MS + 1 });
    expect(cut.map(({ hourMs, activeMs }) => [hourMs - NEW_YEAR_MS, activeMs])).toEqual([
      [0, HOUR_MS - 1000],
      [HOUR_MS, 1],
    ]);
  });

  it('counts a wake in its own hour, though the window has nothing else of it', () => {
    const wakeMs = NEW_YEAR_MS + 3 * HOUR_MS - 4000;
    expect(hours(filled(), { sinceMs: wakeMs + 1, untilMs: NEW_YEAR_MS + 4 * HOUR_MS })).toMatchObject([
      { wakes: 0 },
      { wakes: 0 },
    ]);
    expect(hours(filled(), { sinceMs: wakeMs, untilMs: wakeMs + 1 })).toMatchObject([{ wakes: 1, activeMs: 1 }]);
  });

  it('asks how long an open segment is', () => {
    const store = filled();
    wake(store, 'c1', NEW_YEAR_MS + 5 * HOUR_MS);
    const open = (openMs: number) => hours(store, { sinceMs: NEW_YEAR_MS + 5 * HOUR_MS }, openMs);
    expect(open(HOUR_MS + 0.4)).toMatchObject([{ activeMs: HOUR_MS, wakes: 1 }]);
    expect(open(HOUR_MS + 1)).toMatchObject([
      { activeMs: HOUR_MS, wakes: 1 },
      { activeMs: 1, wakes: 0 },
    ]);
    expect(open(0)).toMatchObject([{ activeMs: 0, wakes: 1 }]);
  });

  it('is in order of hour, project, name and id, and of whom it is asked about', () => {
    const store = filled();
    createActive(store, 'c2', NEW_YEAR_MS, { name: 'blog', project: 'b', size: HALF });
    suspend(store, 'c2', NEW_YEAR_MS + HOUR_MS + 1, HOUR_MS + 1);
    createActive(store, 'c3', NEW_YEAR_MS, { name: 'blog', project: 'a', size: HALF });
    destroy(store, 'c3', NEW_YEAR_MS + 1000, 1000);
    createActive(store, 'c4', NEW_YEAR_MS + 2000, { name: 'blog', project: 'a', size: HALF });
    destroy(store, 'c4', NEW_YEAR_MS + 3000, 1000);
    const window = { sinceMs: NEW_YEAR_MS, untilMs: NEW_YEAR_MS + 2 * HOUR_MS };
    const ids = (query: Partial<HourQuery>) => hours(store, { ...window, ...query }).map(({ computeId }) => computeId);
    expect(ids({})).toEqual(['c3', 'c4', 'c1', 'c2', 'c1', 'c2']);
    expect(ids({ project: 'b' })).toEqual(['c2', 'c2']);
    expect(ids({ compute: 'blog', untilMs: NEW_YEAR_MS + HOUR_MS })).toEqual(['c3', 'c4', 'c2']);
    expect(ids({ project: 'nobody' })).toEqual([]);
  });

  it('adds up to the report of the same window, for each compute, after any life', () => {
    fc.assert(
      fc.property(lifeSteps, share, share, (steps, a, b) => {
        const store = createStore({ path: ':memory:' });
        const { endMs } = live(store, steps);
        const startMs = store.listEvents({ limit: 1, afterSeq: 0 })[0]?.atMs ?? endMs;
        const [sinceMs, untilMs] = [a, b]
          .sort((x, y) => x - y)
          .map((at) => startMs + Math.floor((endMs + 20_000 - startMs) * at)) as [number, number];
        const summed = new Map<string, number[]>();
        for (const hour of hourlyUsage(store, { sinceMs, untilMs }, openLengthMs)) {
          expect(hour.hourMs % HOUR_MS).toBe(0);
          const { activeMs, quarterCuMs, frozenMs, hibernatedMs, wakes } = hour;
          const parts = [activeMs, quarterCuMs, frozenMs, hibernatedMs, wakes];
          const before = summed.get(hour.computeId) ?? [0, 0, 0, 0, 0];
          summed.set(
            hour.computeId,
            parts.map((part, index) => part + before[index]!),
          );
        }
        for (const line of usageReport(store, { sinceMs, untilMs }, openLengthMs).computes) {
          const whole = [
            Math.round(line.activeSeconds * 1000),
            Math.round(line.cuSeconds * 4000),
            Math.round(line.frozenSeconds * 1000),
            Math.round(line.hibernatedSeconds * 1000),
            line.wakes,
          ];
          expect(summed.get(line.computeId) ?? [0, 0, 0, 0, 0]).toEqual(whole);
          summed.delete(line.computeId);
        }
        expect([...summed]).toEqual([]);
        store.close();
      }),
      { numRuns: 80 },
    );
  });
});

/** The same every time it is asked, and different for each segment. */
function openLengthMs(segment: Segment): number {
  return (segment.id * 7919) % 100_000;
}
