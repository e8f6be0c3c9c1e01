import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  applyProjectEvent,
  levelOf,
  monthOf,
  planQuotaRemark,
  quotaExceeded,
  quotaKind,
  QUOTAS,
  type Project,
  type QuotaName,
} from '../../../src/lib/domain/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOVEMBER = Date.UTC(2026, 10, 1);

function projectWith(quota: QuotaName, limit: number): Project {
  const settings = { description: null, tags: {}, limits: { [quota]: limit } };
  return applyProjectEvent(null, { type: 'projectCreated', ...settings }, { name: 'p', seq: 1, atMs: NOVEMBER });
}

interface Remark {
  readonly type: string;
  readonly atMs: number;
  readonly used: number;
}

/** What is put on record while a quota's use goes this way, looked at as it changes. */
function live(quota: QuotaName, limit: number, steps: readonly { afterMs: number; used: number }[]): Remark[] {
  let project = projectWith(quota, limit);
  let atMs = NOVEMBER;
  return steps.flatMap(({ afterMs, used }) => {
    atMs += afterMs;
    const type = planQuotaRemark(quota, { used, limit }, project.notes[quota] ?? null, atMs);
    if (type === null) return [];
    const event = { type, quota, used, limit, resetsAtMs: null };
    project = applyProjectEvent(project, event, { name: 'p', seq: project.seq + 1, atMs });
    return [{ type, atMs, used }];
  });
}

const types = (remarks: readonly Remark[]): string[] => remarks.map(({ type }) => type);

describe('what is put on record of a quota', () => {
  it('is a warning at 80 % and an alarm at the limit, once in a month, and that it is over in the next', () => {
    const remarks = live('cuSecondsPerMonth', 100, [
      { afterMs: DAY, used: 79 },
      { afterMs: DAY, used: 80 },
      { afterMs: DAY, used: 99 },
      { afterMs: DAY, used: 100 },
      { afterMs: DAY, used: 120 },
      { afterMs: 26 * DAY, used: 0 },
      { afterMs: DAY, used: 85 },
    ]);
    expect(types(remarks)).toEqual(['quotaWarning', 'quotaReached', 'quotaReset', 'quotaWarning']);
  });

  it('leaves out the warning when it is reached at one stroke', () => {
    expect(types(live('computes', 3, [{ afterMs: 1, used: 3 }]))).toEqual(['quotaReached']);
  });

  it('says once a day that all of what goes up and down was in use', () => {
    const up = { afterMs: HOUR, used: 3 };
    const down = { afterMs: HOUR, used: 1 };
    const day = [up, down, up, down, up, down];
    const remarks = live('activeComputes', 3, [
      ...day,
      { afterMs: DAY, used: 1 },
      ...day,
      { afterMs: 3 * DAY, used: 3 },
    ]);
    expect(types(remarks)).toEqual(['quotaReached', 'quotaReset', 'quotaReached']);
  });

  it('of what has to be given back is over when a good part was', () => {
    const remarks = live('storageBytes', 100, [
      { afterMs: HOUR, used: 85 },
      { afterMs: HOUR, used: 75 },
      { afterMs: HOUR, used: 85 },
      { afterMs: HOUR, used: 60 },
      { afterMs: HOUR, used: 100 },
      { afterMs: 3 * DAY, used: 75 },
      { afterMs: HOUR, used: 69 },
    ]);
    expect(types(remarks)).toEqual(['quotaWarning', 'quotaReset', 'quotaReached', 'quotaReset']);
  });

  it('is nothing for the size of one compute, which is no use of anything', () => {
    expect(live('cuPerCompute', 2, [{ afterMs: 1, used: 2 }])).toEqual([]);
  });

  const steps = fc.array(
    fc.record({
      afterMs: fc.oneof(fc.nat(HOUR), fc.nat(10 * DAY)),
      used: fc.oneof({ weight: 3, arbitrary: fc.nat(12) }, fc.constantFrom(7, 8, 10)),
    }),
    { maxLength: 60 },
  );
  const quotas = fc.constantFrom(...QUOTAS.filter((quota) => quotaKind(quota) !== 'bound'));

  it('never says the same twice without its end, nor the end of what did not begin', () => {
    fc.assert(
      fc.property(quotas, steps, (quota, way) => {
        let level = 0;
        let noted: Remark | null = null;
        for (const remark of live(quota, 10, way)) {
          const isNewPeriod = noted !== null && periodOf(quota, noted.atMs) !== periodOf(quota, remark.atMs);
          if (remark.type === 'quotaReset') {
            expect(level).toBeGreaterThan(0);
            expect(remark.used).toBeLessThan(10);
            level = 0;
          } else {
            const next = remark.type === 'quotaReached' ? 2 : 1;
            expect(next > level || isNewPeriod).toBe(true);
            level = next;
          }
          noted = remark;
        }
      }),
    );
  });

  it('says at the end of any way that a limit is reached if it is', () => {
    fc.assert(
      fc.property(quotas, steps, (quota, way) => {
        const last = way.at(-1);
        fc.pre(last !== undefined && levelOf({ used: last.used, limit: 10 }) === 'reached');
        expect(live(quota, 10, way).at(-1)?.type).toBe('quotaReached');
      }),
    );
  });

  it('says at most a warning, an alarm and an end in a day of what goes up and down', () => {
    fc.assert(
      fc.property(steps, (way) => {
        const byDay = Map.groupBy(live('activeComputes', 10, way), ({ atMs }) => Math.floor(atMs / DAY));
        for (const remarks of byDay.values()) expect(remarks.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

function periodOf(quota: QuotaName, atMs: number): number {
  return quotaKind(quota) === 'month' ? monthOf(atMs).beginMs : Math.floor(atMs / DAY);
}

describe('a calendar month', () => {
  it('has every instant once, from its first one on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (atMs) => {
        const { beginMs, endMs } = monthOf(atMs);
        expect(beginMs <= atMs && atMs < endMs).toBe(true);
        expect(monthOf(beginMs)).toEqual({ beginMs, endMs });
        expect(monthOf(endMs).beginMs).toBe(endMs);
        expect(new Date(beginMs).getUTCDate()).toBe(1);
      }),
    );
  });

  it.each([
    ['a leap February', Date.UTC(2028, 1, 29, 23, 59, 59, 999), Date.UTC(2028, 1, 1), Date.UTC(2028, 2, 1)],
    ['December', Date.UTC(2026, 11, 31, 23, 59, 59, 999), Date.UTC(2026, 11, 1), Date.UTC(2027, 0, 1)],
  ])('%s ends where the next begins', (_, atMs, beginMs, endMs) => {
    expect(monthOf(atMs)).toEqual({ beginMs, endMs });
  });
});

describe('the refusal', () => {
  it('names project, quota, limit and when it resets, in the words of a server', () => {
    const error = quotaExceeded(
      'team',
      { quota: 'cuSecondsPerMonth', used: 36_001.5, limit: 36_000 },
      Date.UTC(2026, 11),
    );
    expect(error.message).toBe(
      "Project 'team' has exceeded the 'cuSecondsPerMonth' resource (current value: 36000); it resets at 2026-12-01T00:00:00Z",
    );
    expect(error.entry).toMatchObject({ exit: 6, retryable: false, mysql: { errno: 1226, sqlState: '42000' } });
    expect(error.hint).toBe('doze project show team');
  });

  it('of what is only in use may be tried again', () => {
    expect(quotaExceeded('team', { quota: 'activeCu', used: 2, limit: 2 }, null).entry.retryable).toBe(true);
  });
});
