import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { KNOWN_VERSION, userVersion } from './migrations.ts';
import { damaged, newer, primaryCode } from './store-error.ts';

/** Up to this size all of a file is checked at every start: about 0.2 s. */
const FULL_CHECK_BYTES = 64 * 1024 ** 2;
/** The tables that do not grow with time; checked whatever the size. A fault elsewhere shows when it is read. */
const SMALL_TABLES = ['meta', 'computes', 'heartbeats', 'secrets', 'accounts'];
const READ_ONLY = 8;
const CANNOT_OPEN = 14;

/**
 * Looks at an existing file through a read-only connection, which can neither migrate nor checkpoint it.
 * @throws STORE_NEWER, STORE_DAMAGED
 */
export function inspectDatabase(path: string, busyTimeoutMs: number): void {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    refuseNewer(db, path);
    refuseForeign(db, path);
    refuseDamaged(db, path);
  } catch (error) {
    // A file whose creation was cut short needs a recovery that only a writing connection can do.
    const code = primaryCode(error);
    if (code !== READ_ONLY && code !== CANNOT_OPEN) throw error;
  } finally {
    db?.close();
  }
}

export function refuseNewer(db: DatabaseSync, path: string): void {
  const version = userVersion(db);
  if (version > KNOWN_VERSION) throw newer(path, version, KNOWN_VERSION);
}

/** Some other program's database: our tables would be added to it. */
function refuseForeign(db: DatabaseSync, path: string): void {
  if (userVersion(db) > 0) return;
  const table = db.prepare('SELECT name FROM sqlite_schema LIMIT 1').get()?.['name'];
  if (table !== undefined)
    throw damaged(path, `it is not a database of doze: it has "${String(table)}" and no version`);
}

function refuseDamaged(db: DatabaseSync, path: string): void {
  const isSmall = statSync(path).size <= FULL_CHECK_BYTES;
  const checks = isSmall ? ['quick_check(1)'] : SMALL_TABLES.map((table) => `quick_check('${table}')`);
  for (const check of checks) {
    const finding = db.prepare(`PRAGMA ${check}`).get()?.['quick_check'];
    if (finding !== 'ok' && finding !== undefined) throw damaged(path, String(finding));
  }
}
