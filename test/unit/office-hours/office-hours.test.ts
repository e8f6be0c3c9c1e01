import { beforeAll, describe, expect, it } from 'vitest';

import { demandOf, STEP_MS } from '../../office-hours/demand.ts';
import { daysTable } from '../../office-hours/describe.ts';
import type { Day } from '../../office-hours/live-through.ts';
import { officeDay, presenceAt } from '../../office-hours/office-day.ts';
import { compareDays, type Comparison } from '../../office-hours/policies.ts';

const HOUR_MS = 3_600_000;

/** From the last of the night to the first of the day: all that a day has, in less time. */
function morning(seed: number) {
  return demandOf(officeDay(seed)).slice((5.5 * HOUR_MS) / STEP_MS, (8.5 * HOUR_MS) / STEP_MS);
}

describe('a day of office hours', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(officeDay(7)).toEqual(officeDay(7));
    expect(officeDay(7)).not.toEqual(officeDay(8));
  });

  it('is full before and after lunch, and empty at night but for the jobs', () => {
    const busy = (hour: number) => presenceAt(hour * HOUR_MS);
    expect(busy(11)).toBeGreaterThan(busy(12.5));
    expect(busy(15)).toBeGreaterThan(busy(12.5));
    expect([3, 6, 22].map(busy)).toEqual([0, 0, 0]);
  });
});

describe('living through it', () => {
  let comparison: Comparison;
  let days: readonly Day[];

  beforeAll(async () => {
    comparison = await compareDays(morning(7));
    days = [comparison.alwaysOn, comparison.suspendOnly, comparison.autoscaling];
  });

  it('costs less with sleep than without, and less again with autoscaling', () => {
    const [alwaysOn = 0, suspendOnly = 0, autoscaling = 0] = days.map(({ usage }) => usage.cuSeconds);
    expect(alwaysOn).toBe(comparison.alwaysOn.policy.size.max * 3 * 3_600);
    expect(suspendOnly).toBeLessThan(alwaysOn);
    expect(autoscaling).toBeLessThan(suspendOnly);
    expect(autoscaling).toBeGreaterThan(0);
  });

  it('is drawn from the segments that the report of the ledger adds up', () => {
    for (const { usage, segments } of days) {
      const active = segments.filter(({ depth }) => depth === null);
      const cuSeconds = active.reduce((sum, { cu, lengthMs }) => sum + (cu * (lengthMs ?? 0)) / 1_000, 0);
      expect(cuSeconds).toBeCloseTo(usage.cuSeconds, 3);
      expect(active.filter(({ cause }) => cause === 'wake')).toHaveLength(usage.wakes);
    }
  });

  it('never misses at the fixed size, and wakes and sizes only where it may', () => {
    const { alwaysOn, suspendOnly, autoscaling } = comparison;
    expect(alwaysOn).toMatchObject({ waitedSeconds: 0, resizes: 0, usage: { wakes: 0 } });
    expect(suspendOnly).toMatchObject({ waitedSeconds: 0, resizes: 0 });
    expect(suspendOnly.usage.wakes).toBeGreaterThan(0);
    expect(autoscaling.resizes).toBeGreaterThan(0);
    for (const { cu } of autoscaling.segments) {
      expect(cu).toBeGreaterThanOrEqual(autoscaling.policy.size.min);
      expect(cu).toBeLessThanOrEqual(autoscaling.policy.size.max);
    }
  });

  it('comes to the same figures again', async () => {
    expect(daysTable(await compareDays(morning(7)))).toBe(daysTable(comparison));
  });
});
