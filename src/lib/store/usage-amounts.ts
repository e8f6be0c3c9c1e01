import { WAKE_COLUMNS } from './usage-queries.ts';
import type { UsageAmounts } from './usage-records.ts';

/** The columns of a row of hours, of months, or of a sum of either. */
export interface AmountRow extends Readonly<Record<string, unknown>> {
  readonly active_ms: number;
  readonly quarter_cu_ms: number;
  readonly frozen_ms: number;
  readonly hibernated_ms: number;
  readonly wakes: number;
  readonly wake_ms: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly queries: number;
  readonly storage_high: number;
  readonly storage_low: number;
}

export function toAmounts(row: AmountRow): UsageAmounts {
  return {
    activeMs: row.active_ms,
    quarterCuMs: row.quarter_cu_ms,
    frozenMs: row.frozen_ms,
    hibernatedMs: row.hibernated_ms,
    wakes: row.wakes,
    wakeCounts: WAKE_COLUMNS.map((column) => Number(row[column])),
    wakeMs: row.wake_ms,
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    queries: row.queries,
    storageByteSeconds: (BigInt(row.storage_high) << 20n) + BigInt(row.storage_low),
  };
}

/** @param before null for nothing */
export function addAmounts(before: UsageAmounts | null, more: UsageAmounts, sign: 1 | -1): UsageAmounts {
  const sum = (read: (amounts: UsageAmounts) => number): number =>
    (before === null ? 0 : read(before)) + sign * read(more);
  return {
    activeMs: sum(({ activeMs }) => activeMs),
    quarterCuMs: sum(({ quarterCuMs }) => quarterCuMs),
    frozenMs: sum(({ frozenMs }) => frozenMs),
    hibernatedMs: sum(({ hibernatedMs }) => hibernatedMs),
    wakes: sum(({ wakes }) => wakes),
    wakeCounts: more.wakeCounts.map((count, bucket) => (before?.wakeCounts[bucket] ?? 0) + sign * count),
    wakeMs: sum(({ wakeMs }) => wakeMs),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    queries: sum(({ queries }) => queries),
    storageByteSeconds: (before?.storageByteSeconds ?? 0n) + BigInt(sign) * more.storageByteSeconds,
  };
}

export function isNothing(amounts: UsageAmounts): boolean {
  const { wakeCounts, storageByteSeconds, ...numbers } = amounts;
  const { activeMs, frozenMs, hibernatedMs, wakes, bytesIn, bytesOut, queries } = numbers;
  const counted = [activeMs, frozenMs, hibernatedMs, wakes, bytesIn, bytesOut, queries, ...wakeCounts];
  return storageByteSeconds === 0n && counted.every((count) => count === 0);
}
