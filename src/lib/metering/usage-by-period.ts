import { DozeError } from '../errors/index.ts';
import type { UsagePeriod } from '../store/index.ts';
import { collectUsage, type OpenLengthMs, type Owner, type UsageQuery, type UsageReader } from './collect.ts';
import { periodsIn } from './periods.ts';
import { add, NOTHING } from './tally.ts';
import { totalsOf, type Activity, type UsageByPeriod } from './usage.ts';

/** Hours of a month, and then some. */
const MAX_PERIODS = 800;

/** Usage inside [sinceMs, untilMs) of all computes together, by hour, day or month of UTC; see `collectUsage`. */
export function usageByPeriod(
  reader: UsageReader,
  query: UsageQuery,
  openLengthMs: OpenLengthMs,
  per: UsagePeriod,
): UsageByPeriod {
  const lines = collectUsage(reader, query, openLengthMs, { byCompute: false, per })
    .map(({ periodMs, tally }) => ({ startMs: periodMs ?? 0, tally }))
    .sort((a, b) => a.startMs - b.startMs);
  return {
    sinceMs: query.sinceMs,
    untilMs: query.untilMs,
    periods: lines.map(({ startMs, tally }) => ({ startMs, ...totalsOf(tally) })),
    total: totalsOf(lines.reduce((sum, { tally }) => add(sum, tally), NOTHING)),
  };
}

/** When computes were awake inside [sinceMs, untilMs). @throws TIME_INVALID when that is too much to look at */
export function activityOf(
  reader: UsageReader,
  query: UsageQuery,
  openLengthMs: OpenLengthMs,
  per: UsagePeriod,
): Activity {
  const longestMs = { hour: 3_600_000, day: 86_400_000, month: 31 * 86_400_000 }[per];
  if ((query.untilMs - query.sinceMs) / longestMs > MAX_PERIODS) throw tooMany(per);
  const startsMs = periodsIn(per, query);
  const columns = new Map(startsMs.map((startMs, column) => [startMs, column]));
  const rows = new Map<string, { readonly owner: Owner; readonly ms: number[] }>();
  for (const { owner, periodMs, tally } of collectUsage(reader, query, openLengthMs, { byCompute: true, per })) {
    const column = periodMs === null ? undefined : columns.get(periodMs);
    if (owner === null || column === undefined || tally.activeMs === 0) continue;
    const row = rows.get(owner.computeId) ?? { owner, ms: startsMs.map(() => 0) };
    rows.set(owner.computeId, row);
    row.ms[column] = (row.ms[column] ?? 0) + tally.activeMs;
  }
  return {
    per,
    startsMs,
    computes: [...rows.values()].sort(byOwner).map(({ owner: { project, computeName, computeId }, ms }) => ({
      project,
      compute: computeName,
      computeId,
      activeSeconds: ms.map((each) => each / 1000),
    })),
  };
}

function byOwner({ owner: a }: { readonly owner: Owner }, { owner: b }: { readonly owner: Owner }): number {
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  if (a.computeName !== b.computeName) return a.computeName < b.computeName ? -1 : 1;
  return a.computeId < b.computeId ? -1 : 1;
}

function tooMany(per: UsagePeriod): DozeError {
  return new DozeError('TIME_INVALID', `that is more than ${MAX_PERIODS} ${per}s to look at one by one`, {
    hint: per === 'month' ? 'give a later --since' : 'doze usage report --chart --by month, or give a later --since',
  });
}
