import { DatabaseSync } from 'node:sqlite';

import { createStore } from '../../../src/lib/store/index.ts';
import { USAGE_STEP } from '../../../src/lib/store/usage-schema.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';

export const MONTH = { sinceMs: Date.UTC(2026, 0), untilMs: Date.UTC(2026, 1) } as const;

/**
 * A month of so many computes with so many segments each, in the database of an agent that does not run. The computes are
 * destroyed and purged since, so that the next agent finds nothing to do; their usage stays. Segments go in as the ledger's
 * own code would put them, past the log, which would take half an hour; they are rolled up as those of an older home are.
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
  for (const { type, name } of rollUps(db)) db.exec(`DROP ${type} ${name}`);
  insertSegments(db, computes, segmentsEach);
  db.exec(`${USAGE_STEP}; COMMIT`);
  db.close();
}

const TABLES = ['usage_hours', 'usage_days', 'usage_months', 'storage_levels'];

/** What the step makes: triggers before the tables that they are on. */
function rollUps(db: DatabaseSync): { readonly type: string; readonly name: string }[] {
  const known = db.prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'table')").all();
  return (known as { type: string; name: string }[])
    .filter(({ type, name }) => (type === 'trigger' ? /_in_(hours?|day|month)$/.test(name) : TABLES.includes(name)))
    .sort((a, b) => (a.type < b.type ? 1 : -1));
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
