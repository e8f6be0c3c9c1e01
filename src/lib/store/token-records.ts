import type { DatabaseSync } from 'node:sqlite';

import type { Token } from '../domain/index.ts';
import type { TokenRecords } from './access-records.ts';

interface TokenRow {
  readonly hash: Uint8Array;
  readonly doc: string;
  readonly used_at_ms: number | null;
  readonly used_from: string | null;
}

/** Beside the log: a token is no part of a compute. Its last use has columns of its own, as it is written often. */
export function createTokenRecords(db: DatabaseSync): TokenRecords {
  const upsert = db.prepare(
    `INSERT INTO tokens (id, hash, doc) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, doc = excluded.doc`,
  );
  const selectAll = db.prepare(
    `SELECT hash, doc, used_at_ms, used_from FROM tokens ORDER BY doc ->> '$.createdAtMs', id`,
  );
  const use = db.prepare('UPDATE tokens SET used_at_ms = ?, used_from = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM tokens WHERE id = ?');
  return {
    putToken({ lastUsedAtMs: _at, lastUsedFrom: _from, ...token }, hash) {
      upsert.run(token.id, hash, JSON.stringify(token));
    },
    listTokens: () => (selectAll.all() as unknown as TokenRow[]).map(toStored),
    useToken: (id, atMs, from) => void use.run(atMs, from, id),
    deleteToken: (id) => void remove.run(id),
  };
}

function toStored({ hash, doc, used_at_ms: lastUsedAtMs, used_from: lastUsedFrom }: TokenRow) {
  const token = JSON.parse(doc) as Omit<Token, 'lastUsedAtMs' | 'lastUsedFrom'>;
  return { hash, token: { ...token, lastUsedAtMs, lastUsedFrom } };
}
