import { SEGMENT_COLUMNS } from './segment-row.ts';
import { whose, type SegmentFilter } from './segment-filter.ts';

const DAY_MS = 86_400_000;

/** One compute after the other, each's part of the window in one run: CROSS JOIN keeps that order. */
const BY_COMPUTE = 'computes c CROSS JOIN segments s ON s.compute_id = c.id';

/** Those that begin in [:from, :to). */
export function insideSql(filter: SegmentFilter): string {
  return `SELECT ${SEGMENT_COLUMNS} FROM ${BY_COMPUTE}
    WHERE ${whose(filter)} AND s.started_at_ms >= :from AND s.started_at_ms < :to`;
}

/**
 * Those that begin before :at and end after it, found without reading all that came before: one of a day at most
 * began within the day before, and the longer ones have an index of their own.
 */
export function edgesSql(filter: SegmentFilter): string {
  return `SELECT ${SEGMENT_COLUMNS} FROM ${BY_COMPUTE}
      WHERE ${whose(filter)} AND s.started_at_ms >= :at - ${DAY_MS} AND s.started_at_ms < :at
        AND s.started_at_ms + s.length_ms > :at
    UNION ALL
    SELECT ${SEGMENT_COLUMNS} FROM segments s INDEXED BY long_segment CROSS JOIN computes c ON c.id = s.compute_id
      WHERE ${whose(filter)} AND s.length_ms > ${DAY_MS} AND s.started_at_ms < :at - ${DAY_MS}
        AND s.started_at_ms + s.length_ms > :at`;
}

/** Those that begin before :at and have not ended. */
export function openSql(filter: SegmentFilter): string {
  return `SELECT ${SEGMENT_COLUMNS} FROM segments s INDEXED BY open_segment CROSS JOIN computes c ON c.id = s.compute_id
    WHERE ${whose(filter)} AND s.length_ms IS NULL AND s.started_at_ms < :at`;
}
