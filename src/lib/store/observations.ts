import type { DatabaseSync } from 'node:sqlite';

import type { AccountSnapshot } from '../domain/index.ts';
import { inTransaction } from './transaction.ts';
import type { Heartbeat, Secrets, Store } from './store.ts';
import type { UsageWriter } from './usage-writer.ts';

type Observations = Pick<
  Store,
  | 'heartbeat'
  | 'lastHeartbeat'
  | 'putSecrets'
  | 'getSecrets'
  | 'deleteSecrets'
  | 'putAccounts'
  | 'getAccounts'
  | 'getMeta'
  | 'setMeta'
>;

interface HeartbeatRow {
  readonly segment_id: number;
  readonly wall_ms: number;
  readonly length_ms: number;
  readonly boot_id: string;
  readonly monotonic_ms: number;
}

/** What is kept beside the log: it is not part of a compute's history, and secrets must be deletable. */
export function createObservations(db: DatabaseSync, usage: Pick<UsageWriter, 'addTraffic'>): Observations {
  const upsertBeat = db.prepare(
    'INSERT OR REPLACE INTO heartbeats (segment_id, wall_ms, length_ms, boot_id, monotonic_ms) VALUES (?, ?, ?, ?, ?)',
  );
  // Pruned here and not at a segment's end: that is on the way of a suspend, this is not in anybody's way.
  const pruneBeats = db.prepare(
    'DELETE FROM heartbeats WHERE segment_id NOT IN (SELECT id FROM segments WHERE length_ms IS NULL)',
  );
  const selectBeat = db.prepare('SELECT * FROM heartbeats WHERE segment_id = ?');
  const secrets = createDocTable<Secrets>(db, 'secrets');
  const accounts = createDocTable<AccountSnapshot>(db, 'accounts');
  const selectMeta = db.prepare('SELECT value FROM meta WHERE key = ?');
  const upsertMeta = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');

  return {
    heartbeat(beats, traffic) {
      inTransaction(db, () => {
        for (const beat of beats) {
          upsertBeat.run(beat.segmentId, beat.wallMs, beat.lengthMs, beat.bootId, beat.monotonicMs);
        }
        pruneBeats.run();
        if (traffic !== undefined) usage.addTraffic(traffic.deltas, traffic.atMs);
      });
    },
    lastHeartbeat(segmentId) {
      const row = selectBeat.get(segmentId) as unknown as HeartbeatRow | undefined;
      return row === undefined ? null : toHeartbeat(row);
    },
    putSecrets: secrets.put,
    getSecrets: secrets.get,
    deleteSecrets: (computeId) => {
      secrets.remove(computeId);
      accounts.remove(computeId);
    },
    putAccounts: accounts.put,
    getAccounts: accounts.get,
    getMeta: (key) => (selectMeta.get(key)?.['value'] as string | undefined) ?? null,
    setMeta: (key, value) => void upsertMeta.run(key, value),
  };
}

function toHeartbeat(row: HeartbeatRow): Heartbeat {
  return {
    segmentId: row.segment_id,
    wallMs: row.wall_ms,
    lengthMs: row.length_ms,
    bootId: row.boot_id,
    monotonicMs: row.monotonic_ms,
  };
}

interface DocTable<Doc> {
  readonly put: (computeId: string, doc: Doc) => void;
  readonly get: (computeId: string) => Doc | null;
  readonly remove: (computeId: string) => void;
}

function createDocTable<Doc>(db: DatabaseSync, table: 'secrets' | 'accounts'): DocTable<Doc> {
  const upsert = db.prepare(`INSERT OR REPLACE INTO ${table} (compute_id, doc) VALUES (?, ?)`);
  const select = db.prepare(`SELECT doc FROM ${table} WHERE compute_id = ?`);
  const remove = db.prepare(`DELETE FROM ${table} WHERE compute_id = ?`);
  return {
    put: (computeId, doc) => void upsert.run(computeId, JSON.stringify(doc)),
    get(computeId) {
      const row = select.get(computeId);
      return row === undefined ? null : (JSON.parse(String(row['doc'])) as Doc);
    },
    remove: (computeId) => void remove.run(computeId),
  };
}
