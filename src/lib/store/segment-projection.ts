import type { DatabaseSync } from 'node:sqlite';

import type { Segment, SegmentChange } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { SEGMENT_COLUMNS, toSegment, type SegmentRow } from './segment-row.ts';

/** What is billed, as the log says it. */
export interface SegmentProjection {
  apply(computeId: string, change: SegmentChange): void;
  open(computeId: string): Segment | null;
  /** Every segment, by the event that opened it. */
  all(): Iterable<Segment>;
}

export function createSegmentProjection(db: DatabaseSync): SegmentProjection {
  const insert = db.prepare(
    'INSERT INTO segments (compute_id, started_at_ms, id, quarter_cu, cause, depth) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const close = db.prepare('UPDATE segments SET length_ms = ? WHERE compute_id = ? AND length_ms IS NULL');
  const selectOpen = db.prepare(
    `SELECT ${SEGMENT_COLUMNS} FROM segments s JOIN computes c ON c.id = s.compute_id
     WHERE s.compute_id = ? AND s.length_ms IS NULL`,
  );
  return {
    apply(computeId, change) {
      if (change.kind === 'open') {
        const { startedAtMs, id, cu, cause, depth } = change.segment;
        insert.run(computeId, startedAtMs, id, cu * 4, cause, depth);
      } else if (close.run(change.lengthMs, computeId).changes !== 1 && change.kind === 'close') {
        throw new DozeError('INTERNAL', `compute ${computeId} has no open segment to close`);
      }
    },
    open(computeId) {
      const row = selectOpen.get(computeId) as unknown as SegmentRow | undefined;
      return row === undefined ? null : toSegment(row);
    },
    *all() {
      const select = db.prepare(
        `SELECT ${SEGMENT_COLUMNS} FROM segments s JOIN computes c ON c.id = s.compute_id ORDER BY s.id`,
      );
      for (const row of select.iterate()) yield toSegment(row as unknown as SegmentRow);
    },
  };
}
