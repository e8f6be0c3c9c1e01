import type { DatabaseSync } from 'node:sqlite';

import type { Compute, ComputeEvent, ComputeSpec, ProjectEvent, StoredEvent } from '../domain/index.ts';
import type { EventFilter } from './store.ts';

type Owner = Pick<Compute | ComputeSpec, 'id' | 'name' | 'project'>;

interface EventRow {
  readonly seq: number;
  readonly at_ms: number;
  readonly compute_id: string;
  readonly compute_name: string;
  readonly project: string;
  readonly event: string;
}

/** The truth: what happened, in order, never changed. */
export interface EventLog {
  /** @returns the event's sequence number. */
  insert(owner: Owner, event: ComputeEvent | ProjectEvent, atMs: number): number;
  list(filter: EventFilter): readonly StoredEvent[];
  /** Every event, oldest first. */
  all(): Iterable<StoredEvent>;
}

export function createEventLog(db: DatabaseSync): EventLog {
  const insertRow = db.prepare(
    'INSERT INTO events (at_ms, compute_id, compute_name, project, type, event) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    insert(owner, event, atMs) {
      const text = JSON.stringify(event);
      return Number(insertRow.run(atMs, owner.id, owner.name, owner.project, event.type, text).lastInsertRowid);
    },
    list(filter) {
      const rows = db.prepare(listSql(filter)).all(listValues(filter)) as unknown as EventRow[];
      const events = rows.map(toEvent);
      return isNewestFirst(filter) ? events.reverse() : events;
    },
    *all() {
      for (const row of db.prepare('SELECT * FROM events ORDER BY seq').iterate())
        yield toEvent(row as unknown as EventRow);
    },
  };
}

function isNewestFirst(filter: EventFilter): boolean {
  return filter.limit !== undefined && filter.afterSeq === undefined;
}

function listSql(filter: EventFilter): string {
  const conditions = [
    ...(filter.computeId === undefined ? [] : ['compute_id = :computeId']),
    ...(filter.project === undefined ? [] : ['project = :project']),
    ...(filter.types === undefined ? [] : ['type IN (SELECT value FROM json_each(:types))']),
    ...(filter.afterSeq === undefined ? [] : ['seq > :afterSeq']),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const order = isNewestFirst(filter) ? 'DESC' : 'ASC';
  return `SELECT * FROM events ${where} ORDER BY seq ${order} ${filter.limit === undefined ? '' : 'LIMIT :limit'}`;
}

function listValues(filter: EventFilter): Record<string, string | number> {
  return {
    ...(filter.computeId === undefined ? {} : { computeId: filter.computeId }),
    ...(filter.project === undefined ? {} : { project: filter.project }),
    ...(filter.types === undefined ? {} : { types: JSON.stringify(filter.types) }),
    ...(filter.afterSeq === undefined ? {} : { afterSeq: filter.afterSeq }),
    ...(filter.limit === undefined ? {} : { limit: filter.limit }),
  };
}

function toEvent(row: EventRow): StoredEvent {
  return {
    seq: row.seq,
    atMs: row.at_ms,
    computeId: row.compute_id,
    computeName: row.compute_name,
    project: row.project,
    event: JSON.parse(row.event) as StoredEvent['event'],
  };
}
