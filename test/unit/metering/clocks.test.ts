import { afterEach, describe, expect, it, vi } from 'vitest';

import { hourlyUsage, usageByPeriod, usageReport } from '../../../src/lib/metering/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

/** The ledger's own code under a simulated clock: where time goes that no calendar, or a wrong clock, has. */

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});

async function harnessAt(time: string): Promise<Harness> {
  const harness = await createHarness({ ladder: [{ depth: 'parked', afterMs: 40 * DAY_MS }] });
  harness.clock.jumpWall(Date.parse(time) - harness.clock.wallMs());
  return harness;
}

async function suspend({ control }: Harness): Promise<void> {
  await control.operations.suspend('default', 'shop', {}, () => undefined);
}

function openLengthMs({ control }: Harness): Parameters<typeof usageReport>[2] {
  return (segment) => control.openLengthMs(segment);
}

function secondsIn(harness: Harness, since: string | number, until: string | number): number {
  const window = { sinceMs: new Date(since).getTime(), untilMs: new Date(until).getTime() };
  return usageReport(harness.store, window, openLengthMs(harness)).total.activeSeconds;
}

/** Seconds of activity by the begin of each period. */
function secondsBy(harness: Harness, per: 'hour' | 'day' | 'month'): Record<string, number> {
  const window = { sinceMs: 0, untilMs: Date.UTC(2090, 0) };
  const { periods } = usageByPeriod(harness.store, window, openLengthMs(harness), per);
  const shown = { hour: 13, day: 10, month: 7 }[per];
  const active = periods.filter(({ activeSeconds }) => activeSeconds > 0);
  return Object.fromEntries(
    active.map(({ startMs, activeSeconds }) => [new Date(startMs).toISOString().slice(0, shown), activeSeconds]),
  );
}

describe('at the end of a month', () => {
  it('what goes on belongs to both, to the millisecond, open or closed', async () => {
    const harness = await harnessAt('2026-02-28T23:59:30Z');
    await harness.start('shop');
    await harness.clock.advance(75_250);
    const expected = { '2026-02': 30, '2026-03': 45.25 };
    expect(secondsBy(harness, 'month')).toEqual(expected);
    await suspend(harness);
    expect(secondsBy(harness, 'month')).toEqual(expected);
    expect(secondsIn(harness, '2026-02-01', '2026-03-01')).toBe(30);
    expect(secondsIn(harness, '2026-03-01', '2026-04-01')).toBe(45.25);
    expect(secondsIn(harness, '2026-02-01', '2026-04-01')).toBe(75.25);
    expect(harness.store.verify().differences).toEqual([]);
  });

  it('a leap day is a day of February', async () => {
    const harness = await harnessAt('2028-02-28T12:00:00Z');
    await harness.start('shop');
    await harness.clock.leap(36 * HOUR_MS + 5 * SECOND_MS);
    await suspend(harness);
    expect(secondsBy(harness, 'day')).toEqual({ '2028-02-28': 43_200, '2028-02-29': 86_400, '2028-03-01': 5 });
    expect(secondsBy(harness, 'month')).toEqual({ '2028-02': 129_600, '2028-03': 5 });
  });
});

describe('where daylight saving begins or ends', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', 'an hour is left out'],
    ['Europe/Berlin', '2026-10-25', 'an hour comes twice'],
    ['America/New_York', '2026-03-08', 'an hour is left out'],
    ['Pacific/Apia', '2026-06-15', 'the date is that of tomorrow'],
  ])('in %s on %s, where %s, days are those of UTC', async (zone, day) => {
    vi.stubEnv('TZ', zone);
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
    const harness = await harnessAt(`${day}T00:00:00Z`);
    await harness.start('shop');
    await harness.clock.leap(DAY_MS);
    await suspend(harness);
    expect(secondsBy(harness, 'day')).toEqual({ [day]: 86_400 });
    expect(Object.values(secondsBy(harness, 'hour'))).toEqual(Array.from({ length: 24 }, () => 3600));
    expect(secondsBy(harness, 'month')).toEqual({ [day.slice(0, 7)]: 86_400 });
  });
});

describe('a leap second', () => {
  it('is billed, as the clock that measures counts it, in the hour in which its segment goes on', async () => {
    const harness = await harnessAt('2016-12-31T23:59:00Z');
    await harness.start('shop');
    await harness.clock.advance(60 * SECOND_MS);
    // 23:59:60: POSIX time has no such second, and says the one before again.
    harness.clock.jumpWall(-SECOND_MS);
    await harness.clock.advance(61 * SECOND_MS);
    await suspend(harness);
    expect(secondsBy(harness, 'month')).toEqual({ '2016-12': 60, '2017-01': 61 });
    await harness.control.host.wake(harness.compute('shop').id, signal);
    await harness.clock.advance(10 * SECOND_MS);
    await suspend(harness);
    expect(secondsIn(harness, '2016-12-31', '2017-01-02')).toBe(131);
    expect(harness.store.verify().differences).toEqual([]);
  });
});

describe('a wall clock that jumps', () => {
  it.each([
    ['forth by a year', 365 * DAY_MS],
    ['back by a year', -365 * DAY_MS],
    ['forth over the end of the month', 20 * DAY_MS],
    ['back by a minute', -60 * SECOND_MS],
  ])('%s bills and forgives nothing of what is awake, nor of what sleeps', async (_, jumpMs) => {
    const harness = await harnessAt('2026-05-20T10:00:00Z');
    await harness.start('shop');
    await harness.clock.advance(100 * SECOND_MS);
    harness.clock.jumpWall(jumpMs);
    await harness.clock.advance(50 * SECOND_MS);
    expect(secondsIn(harness, 0, '2090-01-01')).toBe(150);
    await suspend(harness);
    harness.clock.jumpWall(-jumpMs);
    await harness.clock.advance(HOUR_MS);
    harness.clock.jumpWall(jumpMs);
    expect(secondsIn(harness, 0, '2090-01-01')).toBe(150);
    await harness.control.host.wake(harness.compute('shop').id, signal);
    await harness.clock.advance(7 * SECOND_MS);
    expect(secondsIn(harness, 0, '2090-01-01')).toBe(157);
    expect(harness.store.verify().differences).toEqual([]);
  });

  it('leaves a segment where it began, so that hours, days and months add up to the whole', async () => {
    const harness = await harnessAt('2026-05-31T23:59:00Z');
    await harness.start('shop');
    await harness.clock.advance(30 * SECOND_MS);
    harness.clock.jumpWall(-40 * DAY_MS);
    await harness.clock.advance(90 * SECOND_MS);
    await suspend(harness);
    expect(secondsBy(harness, 'month')).toEqual({ '2026-05': 60, '2026-06': 60 });
    const hours = [...hourlyUsage(harness.store, { sinceMs: 0, untilMs: Date.UTC(2090, 0) }, openLengthMs(harness))];
    expect(hours.reduce((sum, { activeMs }) => sum + activeMs, 0)).toBe(120_000);
  });

  it.each([
    ['forth by an hour', HOUR_MS],
    ['back by an hour', -HOUR_MS],
  ])('%s between the last proof of life and a crash bills and forgives nothing', async (_, jumpMs) => {
    const harness = await harnessAt('2026-05-20T10:00:00Z');
    const { id } = await harness.start('shop');
    await harness.clock.advance(102 * SECOND_MS);
    harness.clock.jumpWall(jumpMs);
    await harness.clock.advance(SECOND_MS);
    harness.world.crash(id, { atMs: harness.clock.wallMs(), code: 139, isOutOfMemory: false });
    await harness.clock.advance(40 * SECOND_MS);
    expect(harness.compute('shop').state).toBe('failed');
    expect(secondsIn(harness, 0, '2090-01-01')).toBe(103);
  });

  it('while there is no agent is bridged by the clock that does not jump', async () => {
    const harness = await harnessAt('2026-05-20T10:00:00Z');
    await harness.start('shop');
    await harness.clock.advance(100 * SECOND_MS);
    harness.control.close();
    harness.clock.jumpWall(-300 * DAY_MS);
    await harness.clock.advance(200 * SECOND_MS);
    const next = await harness.restartAgent();
    await next.clock.advance(50 * SECOND_MS);
    expect(secondsIn(next, 0, '2090-01-01')).toBe(350);
  });
});
