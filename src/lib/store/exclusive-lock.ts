import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { systemCode } from '../errors/index.ts';
import { asStoreErrors, primaryCode } from './store-error.ts';

export interface ExclusiveLock {
  release(): void;
}

// https://sqlite.org/rescode.html
const BUSY = 5;
/** Ten who ask in the same instant settle it within a few milliseconds; the losers of that are told after this. */
const SETTLE_MS = 200;

/**
 * A lock on a file of its own, or null when another process has it. The kernel keeps it, by way of SQLite's file
 * locks: it ends with its owner however that ends, so it is never stale and no two can take it over at once. Nothing
 * is written to the file, and nobody else may open it in this process: closing it would drop the lock.
 * @throws STORE_UNUSABLE, DISK_FULL when the file cannot be made
 */
export function takeExclusiveLock(path: string): ExclusiveLock | null {
  return asStoreErrors(path, () => {
    makeFile(path);
    const db = new DatabaseSync(path, { timeout: SETTLE_MS });
    try {
      // In memory, as the empty database has nothing that a journal file would save.
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (primaryCode(error) === BUSY) return null;
      throw error;
    }
    return {
      release: () => {
        if (db.isOpen) db.close();
      },
    };
  });
}

function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
