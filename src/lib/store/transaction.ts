import type { DatabaseSync } from 'node:sqlite';

/** All of `run` or nothing. Takes the write lock at once, so that what `run` reads is what it changes. */
export function inTransaction<Result>(db: DatabaseSync, run: () => Result): Result {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // Some failures, such as a full disk, have already rolled back.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
