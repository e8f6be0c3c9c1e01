import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { systemCode } from '../errors/index.ts';
import { inspectDatabase, refuseNewer } from './inspect-database.ts';
import { migrate } from './migrations.ts';

const IN_MEMORY = ':memory:';

/** Opens the database at its newest version, after a look that leaves a damaged or newer one as it is. */
export function openDatabase(path: string, busyTimeoutMs: number): DatabaseSync {
  if (path !== IN_MEMORY) {
    makePrivateFile(path);
    if (statSync(path).size > 0) inspectDatabase(path, busyTimeoutMs);
  }
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    refuseNewer(db, path);
    // FULL: a commit has reached the disk before anybody acts on it, power cuts included.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216');
    // Deleted secrets are overwritten.
    db.exec('PRAGMA secure_delete = ON');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Made before SQLite makes it, so that no other user can ever open it; SQLite gives its side files the same mode.
 * A file that is there is never opened here: closing it would drop the locks of this process's other connections.
 */
function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  }
}
