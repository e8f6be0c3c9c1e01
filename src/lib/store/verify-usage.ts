import type { DatabaseSync } from 'node:sqlite';

import { WAKE_BOUNDS_MS, wakeBucket, type ComputeEvent, type Segment } from '../domain/index.ts';

const HOUR_MS = 3_600_000;
const WAKES = [...WAKE_BOUNDS_MS.map((bound) => `woken_${bound}`), 'woken_later'];
/** What follows from the log; the other columns are measured. */
const DERIVED = ['active_ms', 'quarter_cu_ms', 'frozen_ms', 'hibernated_ms', 'wakes', 'wake_ms', ...WAKES];
const MEASURED = ['bytes_in', 'bytes_out', 'queries'];

type Row = Readonly<Record<string, number | string>>;

/** Adds up hours as the log has them, by other means than those which keep the tables. */
export interface UsageRecount {
  addSegment(segment: Segment): void;
  addEvent(computeId: string, event: ComputeEvent): void;
  /** What the tables have otherwise, for people. */
  differences(db: DatabaseSync): string[];
}

export function createUsageRecount(): UsageRecount {
  const hours = new Map<string, Record<string, number>>();
  const add = (computeId: string, hour: number, column: string, amount: number): void => {
    const key = `${computeId} in hour ${hour}`;
    const counts = hours.get(key) ?? {};
    counts[column] = (counts[column] ?? 0) + amount;
    hours.set(key, counts);
  };

  return {
    addSegment({ computeId, startedAtMs, lengthMs, depth, cu, cause }) {
      if (lengthMs === null) return;
      if (cause === 'wake') add(computeId, Math.floor(startedAtMs / HOUR_MS), 'wakes', 1);
      const endMs = startedAtMs + lengthMs;
      for (let fromMs = startedAtMs; fromMs < endMs;) {
        const hour = Math.floor(fromMs / HOUR_MS);
        const toMs = Math.min(endMs, (hour + 1) * HOUR_MS);
        add(computeId, hour, `${depth ?? 'active'}_ms`, toMs - fromMs);
        if (depth === null) add(computeId, hour, 'quarter_cu_ms', (toMs - fromMs) * cu * 4);
        fromMs = toMs;
      }
    },
    addEvent(computeId, event) {
      if (event.type !== 'started' || event.cause !== 'wake') return;
      const hour = Math.floor(Math.round(event.segmentStartedAtMs) / HOUR_MS);
      add(computeId, hour, WAKES[wakeBucket(event.totalMs)] ?? '', 1);
      add(computeId, hour, 'wake_ms', Math.round(event.totalMs));
    },
    differences: (db) => [...hourDifferences(db, hours), ...sumDifferences(db, 'day'), ...sumDifferences(db, 'month')],
  };
}

function hourDifferences(db: DatabaseSync, hours: ReadonlyMap<string, Record<string, number>>): string[] {
  const expected = new Map(hours);
  const differences: string[] = [];
  const sql = `SELECT hour, compute_id, ${DERIVED.join(', ')} FROM usage_hours`;
  for (const stored of db.prepare(sql).iterate() as Iterable<Row>) {
    const key = `${stored['compute_id']} in hour ${stored['hour']}`;
    const counts = expected.get(key) ?? {};
    expected.delete(key);
    if (DERIVED.some((column) => stored[column] !== (counts[column] ?? 0)))
      differences.push(`usage of ${key} is not what its segments add up to`);
  }
  for (const [key, counts] of expected) {
    if (Object.values(counts).some((count) => count !== 0)) differences.push(`usage of ${key} is missing`);
  }
  return differences;
}

const PERIODS = {
  day: 'hour / 24',
  month: "(strftime('%Y', hour * 3600, 'unixepoch') - 1970) * 12 + strftime('%m', hour * 3600, 'unixepoch') - 1",
} as const;

function sumDifferences(db: DatabaseSync, period: 'day' | 'month'): string[] {
  const columns = [...DERIVED, ...MEASURED];
  const added = `SELECT ${PERIODS[period]} AS at, compute_id, ${columns.map((column) => `sum(${column})`).join(', ')},
    sum(storage_byte_seconds >> 20), sum(storage_byte_seconds & 1048575) FROM usage_hours GROUP BY 1, 2`;
  const stored = `SELECT ${period}, compute_id, ${columns.join(', ')}, storage_high, storage_low FROM usage_${period}s`;
  const wrong = db.prepare(
    `SELECT at, compute_id FROM (SELECT * FROM (${added}) EXCEPT ${stored})
     UNION SELECT ${period}, compute_id FROM (${stored} EXCEPT SELECT * FROM (${added}))`,
  );
  return (wrong.all() as Row[]).map(({ at, compute_id: id }) => {
    const begin = new Date(period === 'day' ? Number(at) * 24 * HOUR_MS : Date.UTC(1970, Number(at))).toISOString();
    return `usage of ${id} in ${period} ${begin.slice(0, period === 'day' ? 10 : 7)} is not what its hours add up to`;
  });
}
