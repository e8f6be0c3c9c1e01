import type { DatabaseSync } from 'node:sqlite';

import type { Pool, Spare } from '../domain/index.ts';
import type { PoolRecords } from './store.ts';

/** Beside the log: a spare is no compute, and what becomes of it is in the log of the compute that took it. */
export function createPoolRecords(db: DatabaseSync): PoolRecords {
  const upsertPool = db.prepare(
    'INSERT INTO pools (image, size) VALUES (?, ?) ON CONFLICT (image) DO UPDATE SET size = excluded.size',
  );
  const selectPools = db.prepare('SELECT image, size FROM pools ORDER BY image');
  const removePool = db.prepare('DELETE FROM pools WHERE image = ?');
  const upsertSpare = db.prepare(
    'INSERT INTO spares (id, doc) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc',
  );
  const selectSpares = db.prepare(`SELECT doc FROM spares ORDER BY doc ->> '$.createdAtMs', id`);
  const removeSpare = db.prepare('DELETE FROM spares WHERE id = ?');
  return {
    putPool({ image, size }) {
      if (size === 0) removePool.run(image ?? '');
      else upsertPool.run(image ?? '', size);
    },
    listPools: () => selectPools.all().map(toPool),
    putSpare: (spare) => void upsertSpare.run(spare.id, JSON.stringify(spare)),
    listSpares: () => selectSpares.all().map((row) => JSON.parse(String(row['doc'])) as Spare),
    deleteSpare: (id) => void removeSpare.run(id),
  };
}

function toPool(row: Record<string, unknown>): Pool {
  const image = String(row['image']);
  return { image: image === '' ? null : image, size: Number(row['size']) };
}
