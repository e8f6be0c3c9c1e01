import fc from 'fast-check';
import { expect, it } from 'vitest';

import { createMonthMeter } from '../../../src/lib/control/quotas/month-use.ts';
import { monthOf, type Segment } from '../../../src/lib/domain/index.ts';
import { usageReport } from '../../../src/lib/metering/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { lifeSteps, live } from '../../support/random-life.ts';

/** A store on which a meter hears of all that happens, from a moment on, and may be asked after each event. */
function metered(isAsked: (n: number) => boolean): { store: Store; check: () => void; checks: () => number } {
  const store = createStore({ path: ':memory:' });
  let nowMs = 0;
  let events = 0;
  let checks = 0;
  const lengthMs = (segment: Segment): number => Math.max(0, nowMs - segment.startedAtMs);
  const meter = createMonthMeter({ store, segments: { lengthMs }, wallMs: () => nowMs });
  const check = (): void => {
    const { beginMs, endMs } = monthOf(nowMs);
    const window = { sinceMs: beginMs, untilMs: endMs, project: 'p' };
    const { total } = usageReport(store, window, lengthMs);
    const { activeMs, cuMs } = meter.of('p');
    expect({ activeSeconds: activeMs / 1000, cuSeconds: cuMs / 1000 }).toEqual({
      activeSeconds: total.activeSeconds,
      cuSeconds: total.cuSeconds,
    });
    checks += 1;
  };
  const append: Store['append'] = (id, event, atMs) => {
    const compute = store.append(id, event, atMs);
    nowMs = atMs;
    meter.noteChange(compute);
    events += 1;
    if (isAsked(events)) check();
    return compute;
  };
  return { store: { ...store, append }, check, checks: () => checks };
}

it('the running counter of a month is what the ledger says, whatever happens and whenever it is asked', () => {
  fc.assert(
    fc.property(lifeSteps, fc.integer({ min: 1, max: 20 }), (steps, every) => {
      const { store, check, checks } = metered((n) => n % every === 0);
      live(store, steps);
      check();
      expect(checks()).toBeGreaterThan(0);
      store.close();
    }),
    { numRuns: 100 },
  );
});

it('what has ended is read again when something has happened or a month begins, and not at each question', () => {
  const store = createStore({ path: ':memory:' });
  let reads = 0;
  const usageSums: Store['usageSums'] = (...asked) => (reads++, store.usageSums(...asked));
  let nowMs = Date.UTC(2026, 0, 15);
  const counted = { ...store, usageSums };
  const meter = createMonthMeter({ store: counted, segments: { lengthMs: () => 0 }, wallMs: () => nowMs });
  const askOften = (): void => {
    for (let n = 0; n < 100; n += 1) meter.of('p');
  };
  askOften();
  expect(reads).toBe(1);
  meter.noteChange({ project: 'other' });
  askOften();
  expect(reads).toBe(1);
  meter.noteChange({ project: 'p' });
  askOften();
  expect(reads).toBe(2);
  nowMs = Date.UTC(2026, 1, 1);
  askOften();
  expect(reads).toBe(3);
  store.close();
});
