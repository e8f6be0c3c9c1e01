import type { DatabaseSync } from 'node:sqlite';

import type { Segment } from '../domain/index.ts';
import { edgesSql, insideSql, openSql, sumSql } from './segment-queries.ts';
import { toSegment, type SegmentRow } from './segment-row.ts';
import type { SegmentFilter, SegmentSum } from './store.ts';

/** Reads windows of the ledger. */
export interface SegmentReader {
  segments(filter: SegmentFilter): Iterable<Segment>;
  sums(filter: SegmentFilter): readonly SegmentSum[];
  edges(filter: SegmentFilter): readonly Segment[];
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
    sums: (filter) => (db.prepare(sumSql(filter)).all(windowValues(filter)) as unknown as SumRow[]).map(toSum),
    edges(filter) {
      const found = new Map<number, Segment>();
      for (const edgeMs of [filter.fromMs, filter.toMs]) {
        for (const segment of reachingOver(edgeMs, filter)) found.set(segment.id, segment);
      }
      return [...found.values()];
    },
  };
}

interface SumRow {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly active_ms: number;
  readonly frozen_ms: number;
  readonly hibernated_ms: number;
  readonly quarter_cu_ms: number;
  readonly wakes: number;
  readonly first_ms: number | null;
  readonly last_ms: number | null;
}

function toSum(row: SumRow): SegmentSum {
  return {
    computeId: row.id,
    computeName: row.name,
    project: row.project,
    activeMs: row.active_ms,
    frozenMs: row.frozen_ms,
    hibernatedMs: row.hibernated_ms,
    cuMs: row.quarter_cu_ms / 4,
    wakes: row.wakes,
    firstMs: row.first_ms,
    lastMs: row.last_ms,
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
