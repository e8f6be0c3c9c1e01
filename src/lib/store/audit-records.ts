import type { DatabaseSync } from 'node:sqlite';

import type { AuditEntry, StoredAuditEntry } from '../domain/index.ts';
import { inTransaction } from './transaction.ts';
import type { AuditRecords } from './access-records.ts';

type AuditDoc = Omit<AuditEntry, 'atMs' | 'project' | 'tokenId' | 'status' | 'code'>;

interface AuditRow {
  readonly seq: number;
  readonly at_ms: number;
  readonly project: string | null;
  readonly token_id: string | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly doc: string;
}

const COLUMNS = 'seq, at_ms, project, token_id, status, code, doc';
/** Each condition is none where its parameter is null. */
const WHERE = `(?1 IS NULL OR project = ?1) AND (?2 IS NULL OR token_id = ?2) AND (?3 = 0 OR code IS NOT NULL)`;

/** Appended, given its outcome once, and forgotten when it is old: nothing else changes an entry. */
export function createAuditRecords(db: DatabaseSync): AuditRecords {
  const insert = db.prepare(
    'INSERT INTO audit (at_ms, project, token_id, status, code, doc) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const finish = db.prepare(
    `UPDATE audit SET status = ?, code = ?, doc = json_set(doc, '$.target', coalesce(?, doc ->> '$.target')) WHERE seq = ?`,
  );
  const selectAfter = db.prepare(`SELECT ${COLUMNS} FROM audit WHERE ${WHERE} AND seq > ?4 ORDER BY seq LIMIT ?5`);
  const selectLast = db.prepare(`SELECT ${COLUMNS} FROM audit WHERE ${WHERE} ORDER BY seq DESC LIMIT ?4`);
  const pruneOld = db.prepare('DELETE FROM audit WHERE at_ms < ?');
  const pruneMany = db.prepare(
    'DELETE FROM audit WHERE seq <= (SELECT seq FROM audit ORDER BY seq DESC LIMIT 1 OFFSET ?)',
  );

  return {
    appendAudit: (entries) =>
      inTransaction(db, () => {
        let last = 0;
        for (const { atMs, project, tokenId, status, code, ...doc } of entries) {
          last = Number(insert.run(atMs, project, tokenId, status, code, JSON.stringify(doc)).lastInsertRowid);
        }
        return last;
      }),
    finishAudit: (seq, { status, code, target }) => void finish.run(status, code, target, seq),
    listAudit({ project = null, tokenId = null, isFailed = false, afterSeq, limit }) {
      const where = [project, tokenId, Number(isFailed)] as const;
      if (afterSeq !== undefined) return rows(selectAfter.all(...where, afterSeq, limit));
      return rows(selectLast.all(...where, limit)).toReversed();
    },
    pruneAudit: (keepSinceMs, maxEntries) =>
      inTransaction(db, () => {
        pruneOld.run(keepSinceMs);
        pruneMany.run(maxEntries);
      }),
  };
}

function rows(found: readonly unknown[]): StoredAuditEntry[] {
  return (found as readonly AuditRow[]).map(({ seq, at_ms: atMs, project, token_id: tokenId, status, code, doc }) => {
    return { seq, atMs, project, tokenId, status, code, ...(JSON.parse(doc) as AuditDoc) };
  });
}
