import { DatabaseSync } from 'node:sqlite';

import { createStore } from '../../../src/lib/store/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';

const HOUR_MS = 3_600_000;
export const MONTH = { sinceMs: Date.UTC(2026, 0), untilMs: Date.UTC(2026, 1) } as const;

/**
 * A month of so many computes with so many segments each, in the database of an agent that does not run. The computes are
 * destroyed and purged since, so that the next agent finds nothing to do; their usage stays. Segments go in as the ledger's
 * own code would put them, past the log, which would take half an hour.
 */
export function writeMonthOfUsage(path: string, computes: number, segmentsEach: number): void {
  const store = createStore({ path });
  for (let at = 0; at < computes; at += 1) {
    const id = `bench-${String(at).padStart(5, '0')}`;
    store.append(id, eventOf('createRequested', { spec: specOf(id, { project: `p${at % 20}` }) }), MONTH.sinceMs);
    store.append(id, eventOf('failed'), MONTH.sinceMs);
    store.append(id, eventOf('destroyRequested', { segmentLengthMs: null }), MONTH.untilMs);
    store.append(id, eventOf('destroyed', { keptUntilMs: null }), MONTH.untilMs);
  }
  store.close();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  insertSegments(db, computes, segmentsEach);
  db.exec(
    `INSERT INTO usage_hours (hour, compute_id, bytes_in, bytes_out, queries, storage_byte_seconds)
       WITH RECURSIVE hours (hour) AS (
         SELECT ${MONTH.sinceMs / HOUR_MS} UNION ALL SELECT hour + 1 FROM hours WHERE hour + 1 < ${MONTH.untilMs / HOUR_MS}
       )
       SELECT hour, id, 12345, 678901, 99, 360000000000 FROM hours CROSS JOIN computes WHERE TRUE
     ON CONFLICT (hour, compute_id) DO UPDATE SET bytes_in = excluded.bytes_in, bytes_out = excluded.bytes_out,
       queries = excluded.queries, storage_byte_seconds = excluded.storage_byte_seconds`,
  );
  db.exec('COMMIT');
  db.close();
}

/** In the order of time, spread over the month, some of them over the ends of hours. */
function insertSegments(db: DatabaseSync, computes: number, segmentsEach: number): void {
  const insert = db.prepare(
    `INSERT INTO segments (compute_id, started_at_ms, id, length_ms, quarter_cu, cause) VALUES (?, ?, ?, ?, ?, 'wake')`,
  );
  const ids = db.prepare('SELECT id FROM computes ORDER BY id').all() as { id: string }[];
  const gapMs = (MONTH.untilMs - MONTH.sinceMs) / segmentsEach;
  for (let at = 0; at < segmentsEach; at += 1) {
    for (const [who, { id }] of ids.slice(0, computes).entries()) {
      const startedAtMs = Math.floor(MONTH.sinceMs + (at + ((who * 7919) % 1000) / 2500) * gapMs);
      const lengthMs = Math.floor(gapMs * (0.1 + ((who * 31 + at * 17) % 100) / 200));
      insert.run(id, startedAtMs, 1_000_000 + at * computes + who, lengthMs, 1 + (who % 4));
    }
  }
}
