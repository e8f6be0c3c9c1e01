import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isOverrun, planOverrun, type AwakeCompute } from '../../../src/lib/control/quotas/plan-overrun.ts';
import { QUOTAS, type QuotaUse } from '../../../src/lib/domain/index.ts';

const awake: fc.Arbitrary<AwakeCompute[]> = fc
  .array(fc.record({ quarters: fc.integer({ min: 1, max: 8 }), idleMs: fc.nat(1000) }), { maxLength: 8 })
  .map((list) =>
    list.map(({ quarters, idleMs }, n) => {
      const cu = quarters / 4;
      return { compute: { id: `c${n}`, name: `n${n}`, size: { min: cu, max: cu, now: cu } }, idleMs };
    }),
  );

const cuOf = (list: readonly AwakeCompute[]): number => list.reduce((sum, { compute }) => sum + compute.size.now, 0);
const without = (list: readonly AwakeCompute[], gone: readonly AwakeCompute[]): AwakeCompute[] =>
  list.filter((one) => !gone.includes(one));

describe('what goes when a project is over a limit', () => {
  it('is all that runs where nothing may, and nothing before', () => {
    fc.assert(
      fc.property(
        awake,
        fc.constantFrom('activeSecondsPerMonth', 'cuSecondsPerMonth', 'storageBytes'),
        (list, quota) => {
          expect(planOverrun({ quota, used: 10, limit: 10 }, list)).toEqual(list);
          expect(planOverrun({ quota, used: 9.999, limit: 10 }, list)).toEqual([]);
        },
      ),
    );
  });

  it('is as little as it takes, the longest idle first', () => {
    fc.assert(
      fc.property(awake, fc.constantFrom('activeComputes', 'activeCu'), fc.nat(12), (list, quota, limit) => {
        const weigh = quota === 'activeCu' ? cuOf : (some: readonly AwakeCompute[]) => some.length;
        const gone = planOverrun({ quota, used: weigh(list), limit }, list);
        const left = without(list, gone);
        expect(weigh(left)).toBeLessThanOrEqual(limit);
        const last = gone.at(-1);
        if (last === undefined) return;
        expect(weigh([...left, last])).toBeGreaterThan(limit);
        const longestLeft = Math.max(0, ...left.map(({ idleMs }) => idleMs));
        expect(Math.min(...gone.map(({ idleMs }) => idleMs))).toBeGreaterThanOrEqual(longestLeft);
      }),
    );
  });

  it('is each that is larger than one may be', () => {
    fc.assert(
      fc.property(awake, fc.integer({ min: 0, max: 8 }), (list, quarters) => {
        const limit = quarters / 4;
        const used = Math.max(0, ...list.map(({ compute }) => compute.size.now));
        const left = without(list, planOverrun({ quota: 'cuPerCompute', used, limit }, list));
        expect(left).toEqual(list.filter(({ compute }) => compute.size.now <= limit));
      }),
    );
  });

  it('is nothing for what only refuses who comes', () => {
    for (const quota of ['computes', 'sessions', 'wakesPerMinute'] as const) {
      expect(isOverrun({ quota, used: 11, limit: 10 })).toBe(false);
    }
  });

  it('is nothing where as much is used as may be, but for what is used up then', () => {
    const full = QUOTAS.filter((quota) => isOverrun({ quota, used: 10, limit: 10 } satisfies QuotaUse));
    expect(full).toEqual(['activeSecondsPerMonth', 'cuSecondsPerMonth', 'storageBytes']);
  });
});
