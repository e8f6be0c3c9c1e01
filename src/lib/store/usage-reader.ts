import type { DatabaseSync } from 'node:sqlite';

import { planDays, planSums, type SumPart } from './plan-sums.ts';
import type { SegmentFilter } from './segment-filter.ts';
import { addAmounts, isNothing, toAmounts, type AmountRow } from './usage-amounts.ts';
import { hoursSql, spansSql, sumsSql } from './usage-queries.ts';
import type { ActivitySpan, UsageGrouping, UsageHour, UsagePeriod, UsageRecords, UsageSum } from './usage-records.ts';

const HOUR_MS = 3_600_000;

type UsageReader = Pick<UsageRecords, 'usageHours' | 'usageSums' | 'activitySpans'>;

export function createUsageReader(db: DatabaseSync): UsageReader {
  function sumsOf(filter: SegmentFilter, grouping: UsageGrouping, { table, from, to }: SumPart): SumRow[] {
    const sql = sumsSql(table, filter, grouping);
    return db.prepare(sql).all({ ...whoseValues(filter), from, to }) as unknown as SumRow[];
  }

  return {
    *usageHours(filter) {
      const values = { ...whoseValues(filter), ...hoursIn(filter) };
      for (const row of db.prepare(hoursSql(filter)).iterate(values)) yield toHour(row as unknown as OwnedRow);
    },
    usageSums(filter, grouping) {
      const { from, to } = hoursIn(filter);
      const plan = planOf(grouping, from, to);
      const sums = new Map<string, UsageSum>();
      for (const part of plan) {
        for (const row of sumsOf(filter, grouping, part)) {
          const key = `${row.id ?? ''} ${row.period ?? ''}`;
          const sum = toSum(row, grouping.per);
          sums.set(key, { ...sum, ...addAmounts(sums.get(key) ?? null, sum, part.sign) });
        }
      }
      return [...sums.values()].filter((sum) => !isNothing(sum));
    },
    activitySpans: (filter) =>
      (db.prepare(spansSql(filter)).all(windowValues(filter)) as unknown as SpanRow[]).flatMap((row) =>
        toSpan(row, filter),
      ),
  };
}

function planOf({ per }: UsageGrouping, from: number, to: number): readonly SumPart[] {
  if (per === 'hour') return [{ table: 'hours', from, to, sign: 1 }];
  return per === 'day' ? planDays(from, to) : planSums(from, to);
}

interface OwnedRow extends AmountRow {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly period: number;
}

interface SumRow extends AmountRow {
  readonly id?: string;
  readonly name: string;
  readonly project: string;
  readonly period: number | null;
}

interface SpanRow {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly first_ms: number | null;
  readonly last_ms: number | null;
  readonly before_ms: number | null;
}

function toHour(row: OwnedRow): UsageHour {
  const { id, name, project, period } = row;
  return { hourMs: period * HOUR_MS, computeId: id, computeName: name, project, ...toAmounts(row) };
}

function toSum(row: SumRow, per: UsagePeriod | null): UsageSum {
  const { id, name, project, period } = row;
  return {
    owner: id === undefined ? null : { computeId: id, computeName: name, project },
    periodMs: per === null || period === null ? null : beginOf(per, period),
    ...toAmounts(row),
  };
}

function beginOf(per: UsagePeriod, period: number): number {
  if (per === 'month') return Date.UTC(1970, period);
  return period * HOUR_MS * (per === 'day' ? 24 : 1);
}

function toSpan({ id, name, project, first_ms, last_ms, before_ms }: SpanRow, filter: SegmentFilter): ActivitySpan[] {
  const reachesIn = before_ms !== null && before_ms > filter.fromMs;
  const firstMs = reachesIn ? filter.fromMs : first_ms;
  const lastMs = last_ms ?? (reachesIn ? before_ms : null);
  if (firstMs === null || lastMs === null) return [];
  return [{ computeId: id, computeName: name, project, firstMs, lastMs: Math.min(lastMs, filter.toMs) }];
}

/** Those that begin in the window. */
function hoursIn({ fromMs, toMs }: SegmentFilter): { readonly from: number; readonly to: number } {
  return { from: Math.ceil(fromMs / HOUR_MS), to: Math.ceil(toMs / HOUR_MS) };
}

function whoseValues({ project, computeId, computeName }: SegmentFilter): Record<string, string> {
  return {
    ...(project === undefined ? {} : { project }),
    ...(computeId === undefined ? {} : { computeId }),
    ...(computeName === undefined ? {} : { computeName }),
  };
}

function windowValues(filter: SegmentFilter): Record<string, string | number> {
  return { ...whoseValues(filter), from: filter.fromMs, to: filter.toMs };
}
