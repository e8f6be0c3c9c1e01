import { WAKE_BOUNDS_MS } from '../domain/index.ts';
import { whose, type SegmentFilter } from './segment-filter.ts';
import type { UsageGrouping } from './usage-records.ts';

export const WAKE_COLUMNS = [...WAKE_BOUNDS_MS.map((bound) => `woken_${bound}`), 'woken_later'];
const COUNT_COLUMNS = [
  ...[
    'active_ms',
    'quarter_cu_ms',
    'frozen_ms',
    'hibernated_ms',
    'wakes',
    'wake_ms',
    'bytes_in',
    'bytes_out',
    'queries',
  ],
  ...WAKE_COLUMNS,
];

/** Each table, its key, and how its key is a month or a day. Halves, as a sum of byte-seconds outgrows 64 bits. */
const MONTH = (date: string): string => `(strftime('%Y', ${date}) - 1970) * 12 + strftime('%m', ${date}) - 1`;
const TABLES = {
  hours: {
    key: 'u.hour',
    high: 'u.storage_byte_seconds >> 20',
    low: 'u.storage_byte_seconds & 1048575',
    hour: 'u.hour',
    day: 'u.hour / 24',
    month: MONTH("u.hour * 3600, 'unixepoch'"),
  },
  days: {
    key: 'u.day',
    high: 'u.storage_high',
    low: 'u.storage_low',
    hour: null,
    day: 'u.day',
    month: MONTH("u.day * 86400, 'unixepoch'"),
  },
  months: { key: 'u.month', high: 'u.storage_high', low: 'u.storage_low', hour: null, day: null, month: 'u.month' },
} as const;

/** Hours in [:from, :to), in order of time: what is sorted is one hour at a time. */
export function hoursSql(filter: SegmentFilter): string {
  return `SELECT u.hour AS period, c.id, c.name, c.project, ${COUNT_COLUMNS.map((column) => `u.${column}`).join(', ')},
      ${TABLES.hours.high} AS storage_high, ${TABLES.hours.low} AS storage_low
    FROM usage_hours u CROSS JOIN computes c ON c.id = u.compute_id
    WHERE u.hour >= :from AND u.hour < :to AND ${whose(filter)}
    ORDER BY u.hour, c.project, c.name, c.id`;
}

/** Rows of a table with keys in [:from, :to), added up. A period is never finer than the table. */
export function sumsSql(table: keyof typeof TABLES, filter: SegmentFilter, { byCompute, per }: UsageGrouping): string {
  const { key, high, low } = TABLES[table];
  const period = per === null ? null : TABLES[table][per];
  const groups = [...(byCompute ? ['u.compute_id'] : []), ...(period === null ? [] : [period])];
  const sums = [...COUNT_COLUMNS.map((column) => `sum(u.${column}) AS ${column}`)].join(', ');
  const added = `SELECT ${byCompute ? 'u.compute_id' : 'NULL AS compute_id'}, ${period ?? 'NULL'} AS period, ${sums},
      sum(${high}) AS storage_high, sum(${low}) AS storage_low
    FROM usage_${table} u${isOfAll(filter) ? '' : ' CROSS JOIN computes c ON c.id = u.compute_id'}
    WHERE ${key} >= :from AND ${key} < :to AND ${whose(filter)}
    ${groups.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${groups.join(', ')}`}`;
  return byCompute
    ? `SELECT s.*, c.id, c.name, c.project FROM (${added}) s JOIN computes c ON c.id = s.compute_id`
    : added;
}

/**
 * Of each compute: where the first of its closed active segments in [:from, :to) begins, where the last one of these ends, and
 * where the one before the window ends. Segments of one compute follow each other, so three look-ups are enough.
 */
export function spansSql(filter: SegmentFilter): string {
  const active = 's.compute_id = c.id AND s.depth IS NULL AND s.length_ms IS NOT NULL';
  const inside = `${active} AND s.started_at_ms >= :from AND s.started_at_ms < :to`;
  return `SELECT c.id, c.name, c.project,
      (SELECT s.started_at_ms FROM segments s WHERE ${inside} ORDER BY s.started_at_ms LIMIT 1) AS first_ms,
      (SELECT s.started_at_ms + s.length_ms FROM segments s WHERE ${inside}
        ORDER BY s.started_at_ms DESC, s.id DESC LIMIT 1) AS last_ms,
      (SELECT s.started_at_ms + s.length_ms FROM segments s WHERE ${active} AND s.started_at_ms < :from
        ORDER BY s.started_at_ms DESC, s.id DESC LIMIT 1) AS before_ms
    FROM computes c WHERE ${whose(filter)}`;
}

function isOfAll({ project, computeId, computeName }: SegmentFilter): boolean {
  return project === undefined && computeId === undefined && computeName === undefined;
}
