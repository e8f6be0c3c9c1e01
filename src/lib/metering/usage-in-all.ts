import { collectUsage, type OpenLengthMs, type UsageQuery, type UsageReader } from './collect.ts';
import { add, NOTHING } from './tally.ts';
import { totalsOf, type UsageTotals } from './usage.ts';

/** All computes together inside [sinceMs, untilMs), in one sum that does not grow with their number. */
export function usageInAll(
  reader: Pick<UsageReader, 'usageSums' | 'segments' | 'openSegments'>,
  query: UsageQuery,
  openLengthMs: OpenLengthMs,
): UsageTotals {
  const lines = [...collectUsage(reader, query, openLengthMs, { byCompute: false, per: null })];
  return totalsOf(lines.reduce((sum, { tally }) => add(sum, tally), NOTHING));
}
