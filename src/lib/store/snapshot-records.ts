import type { DatabaseSync } from 'node:sqlite';

import type { Snapshot } from '../domain/index.ts';
import type { SnapshotRecords } from './store.ts';

/** Beside the log: the data that a row stands for is no part of the compute's state. */
export function createSnapshotRecords(db: DatabaseSync): SnapshotRecords {
  const upsert = db.prepare(
    `INSERT INTO snapshots (id, compute_id, name, doc) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`,
  );
  const select = db.prepare(
    `SELECT doc FROM snapshots WHERE ?1 IS NULL OR compute_id = ?1 ORDER BY doc ->> '$.createdAtMs', id`,
  );
  const remove = db.prepare('DELETE FROM snapshots WHERE id = ?');
  return {
    putSnapshot: (snapshot) =>
      void upsert.run(snapshot.id, snapshot.computeId, snapshot.name, JSON.stringify(snapshot)),
    listSnapshots: (computeId) =>
      select.all(computeId ?? null).map((row) => JSON.parse(String(row['doc'])) as Snapshot),
    deleteSnapshot: (id) => void remove.run(id),
  };
}
