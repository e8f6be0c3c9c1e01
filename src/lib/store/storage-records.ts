import type { DatabaseSync } from 'node:sqlite';

import type { StorageChange, StorageCredential, StorageService, Verdict } from '../domain/index.ts';
import { inTransaction } from './transaction.ts';
import type { StorageRecords } from './store.ts';

interface ServiceRow {
  readonly doc: string;
  readonly credential: string | null;
}

interface ChangeRow {
  readonly at_ms: number;
  readonly name: string;
  readonly verdict: string;
  readonly message: string | null;
}

/** Registered parts of the storage tier, their credentials, and what their verdicts were. */
export function createStorageRecords(db: DatabaseSync): StorageRecords {
  const upsert = db.prepare('INSERT OR REPLACE INTO storage_services (name, doc, credential) VALUES (?, ?, ?)');
  const selectAll = db.prepare('SELECT doc, credential FROM storage_services ORDER BY name');
  const remove = db.prepare('DELETE FROM storage_services WHERE name = ?');
  const removeChanges = db.prepare('DELETE FROM storage_changes WHERE name = ?');
  const insertChange = db.prepare('INSERT INTO storage_changes (at_ms, name, verdict, message) VALUES (?, ?, ?, ?)');
  const prune = db.prepare('DELETE FROM storage_changes WHERE at_ms < ?');
  const selectChanges = db.prepare(
    'SELECT at_ms, name, verdict, message FROM storage_changes WHERE (?1 IS NULL OR name = ?1) AND at_ms >= ?2 ORDER BY seq',
  );

  return {
    putStorageService: (service, credential) =>
      void upsert.run(service.name, JSON.stringify(service), credential === null ? null : JSON.stringify(credential)),
    listStorageServices: () =>
      (selectAll.all() as unknown as ServiceRow[]).map((row) => ({
        service: JSON.parse(row.doc) as StorageService,
        credential: row.credential === null ? null : (JSON.parse(row.credential) as StorageCredential),
      })),
    deleteStorageService: (name) =>
      inTransaction(db, () => {
        remove.run(name);
        removeChanges.run(name);
      }),
    appendStorageChange: ({ atMs, name, verdict, message }, keepSinceMs) =>
      inTransaction(db, () => {
        insertChange.run(atMs, name, verdict, message);
        prune.run(keepSinceMs);
      }),
    listStorageChanges: ({ name, sinceMs }) =>
      (selectChanges.all(name, sinceMs) as unknown as ChangeRow[]).map(toChange),
  };
}

function toChange({ at_ms: atMs, name, verdict, message }: ChangeRow): StorageChange {
  return { atMs, name, verdict: verdict as Verdict, message };
}
