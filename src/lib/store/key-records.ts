import type { DatabaseSync } from 'node:sqlite';

import type { KeptKey, KeyRecords } from './store.ts';

export const KEYS_STEP = `
  CREATE TABLE request_keys (
    scope TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    operation TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    outcome TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX request_keys_by_age ON request_keys (at_ms);
`;

/** More than one a second for hours: whoever has so many does not repeat them. */
const MAX_KEYS = 10_000;

export function createKeyRecords(db: DatabaseSync): KeyRecords {
  const select = db.prepare('SELECT * FROM request_keys WHERE scope = ? AND at_ms >= ?');
  const upsert = db.prepare(
    `INSERT INTO request_keys (scope, fingerprint, operation, at_ms, outcome) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (scope) DO UPDATE SET fingerprint = excluded.fingerprint, operation = excluded.operation,
       at_ms = excluded.at_ms, outcome = excluded.outcome`,
  );
  const forgetOld = db.prepare('DELETE FROM request_keys WHERE at_ms < ?');
  const forgetMost = db.prepare(
    `DELETE FROM request_keys WHERE scope IN (SELECT scope FROM request_keys ORDER BY at_ms DESC LIMIT -1 OFFSET ${MAX_KEYS})`,
  );
  const forget = db.prepare('DELETE FROM request_keys WHERE scope = ?');
  return {
    findKey(scope, sinceMs) {
      const row = select.get(scope, Math.round(sinceMs));
      return row === undefined ? null : toKept(row);
    },
    putKey({ scope, fingerprint, operation, atMs, outcome }, sinceMs) {
      upsert.run(scope, fingerprint, operation, Math.round(atMs), outcome);
      forgetOld.run(Math.round(sinceMs));
      forgetMost.run();
    },
    forgetKey: (scope) => void forget.run(scope),
  };
}

function toKept(row: Record<string, unknown>): KeptKey {
  const outcome = row['outcome'];
  return {
    scope: String(row['scope']),
    fingerprint: String(row['fingerprint']),
    operation: String(row['operation']),
    atMs: Number(row['at_ms']),
    outcome: typeof outcome === 'string' ? outcome : null,
  };
}
