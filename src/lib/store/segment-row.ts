import type { Segment } from '../domain/index.ts';

/** A segment with what its compute says of it. */
export interface SegmentRow {
  readonly id: number;
  readonly compute_id: string;
  readonly name: string;
  readonly project: string;
  readonly quarter_cu: number;
  readonly started_at_ms: number;
  readonly length_ms: number | null;
  readonly cause: string;
  readonly depth: string | null;
}

export const SEGMENT_COLUMNS =
  's.id, s.compute_id, c.name, c.project, s.quarter_cu, s.started_at_ms, s.length_ms, s.cause, s.depth';

export function toSegment(row: SegmentRow): Segment {
  return {
    id: row.id,
    computeId: row.compute_id,
    computeName: row.name,
    project: row.project,
    cu: row.quarter_cu / 4,
    startedAtMs: row.started_at_ms,
    lengthMs: row.length_ms,
    cause: row.cause as Segment['cause'],
    depth: row.depth as Segment['depth'],
  };
}
