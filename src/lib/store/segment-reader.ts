import type { DatabaseSync } from 'node:sqlite';

import type { Segment } from '../domain/index.ts';
import { edgesSql, insideSql, openSql } from './segment-queries.ts';
import { toSegment, type SegmentRow } from './segment-row.ts';
import type { SegmentFilter } from './segment-filter.ts';

/** Reads windows of the ledger. */
export interface SegmentReader {
  segments(filter: SegmentFilter): Iterable<Segment>;
  /** Those that began before toMs and have not ended. */
  open(filter: SegmentFilter): readonly Segment[];
}

export function createSegmentReader(db: DatabaseSync): SegmentReader {
  function* rows(sql: string, values: Record<string, string | number>): Generator<Segment> {
    for (const row of db.prepare(sql).iterate(values)) yield toSegment(row as unknown as SegmentRow);
  }

  /** Those that reach over the instant or, being open, may. */
  function* reachingOver(atMs: number, filter: SegmentFilter): Generator<Segment> {
    const values = { ...whoseValues(filter), at: atMs };
    yield* rows(edgesSql(filter), values);
    yield* rows(openSql(filter), values);
  }

  return {
    *segments(filter) {
      yield* reachingOver(filter.fromMs, filter);
      yield* rows(insideSql(filter), windowValues(filter));
    },
    open: (filter) => [...rows(openSql(filter), { ...whoseValues(filter), at: filter.toMs })],
  };
}

function whoseValues(filter: SegmentFilter): Record<string, string> {
  return {
    ...(filter.project === undefined ? {} : { project: filter.project }),
    ...(filter.computeId === undefined ? {} : { computeId: filter.computeId }),
    ...(filter.computeName === undefined ? {} : { computeName: filter.computeName }),
  };
}

function windowValues(filter: SegmentFilter): Record<string, string | number> {
  return { ...whoseValues(filter), from: filter.fromMs, to: filter.toMs };
}
