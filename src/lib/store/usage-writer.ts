import type { DatabaseSync } from 'node:sqlite';

import { inTransaction } from './transaction.ts';
import type { StorageLevel, TrafficDelta, UsageRecords } from './usage-records.ts';

const HOUR_MS = 3_600_000;

export interface UsageWriter extends Pick<UsageRecords, 'storageLevels' | 'storageBytesOf' | 'accountStorage'> {
  /** Inside of somebody's transaction. */
  addTraffic(deltas: readonly TrafficDelta[], atMs: number): void;
}

interface LevelRow {
  readonly compute_id: string;
  readonly data_bytes: number;
  readonly bytes: number;
  readonly wall_ms: number;
  readonly monotonic_ms: number;
  readonly boot_id: string;
  readonly remainder: number;
}

/** What no event says: it is measured, and added to the hours. */
export function createUsageWriter(db: DatabaseSync): UsageWriter {
  const addTraffic = db.prepare(
    `INSERT INTO usage_hours (hour, compute_id, bytes_in, bytes_out, queries) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (hour, compute_id) DO UPDATE SET bytes_in = bytes_in + excluded.bytes_in,
       bytes_out = bytes_out + excluded.bytes_out, queries = queries + excluded.queries`,
  );
  const addStorage = db.prepare(
    `INSERT INTO usage_hours (hour, compute_id, storage_byte_seconds) VALUES (?, ?, ?)
     ON CONFLICT (hour, compute_id) DO UPDATE SET
       storage_byte_seconds = storage_byte_seconds + excluded.storage_byte_seconds`,
  );
  const selectLevels = db.prepare('SELECT * FROM storage_levels');
  const sumLevels = db.prepare(
    `SELECT coalesce(sum(l.bytes), 0) AS bytes FROM computes c JOIN storage_levels l ON l.compute_id = c.id
     WHERE c.project = ? AND (c.state <> 'destroyed' OR c.kept_until_ms IS NOT NULL)`,
  );
  const deleteLevel = db.prepare('DELETE FROM storage_levels WHERE compute_id = ?');
  const putLevel = db.prepare(
    `INSERT OR REPLACE INTO storage_levels (compute_id, data_bytes, bytes, wall_ms, monotonic_ms, boot_id, remainder)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );

  return {
    addTraffic(deltas, atMs) {
      const hour = Math.floor(atMs / HOUR_MS);
      for (const { computeId, bytesIn, bytesOut, queries } of deltas)
        addTraffic.run(hour, computeId, bytesIn, bytesOut, queries);
    },
    storageLevels: () => (selectLevels.all() as unknown as LevelRow[]).map(toLevel),
    storageBytesOf: (project) => Number(sumLevels.get(project)?.['bytes']),
    accountStorage(accounts) {
      inTransaction(db, () => {
        for (const { computeId, level, hours } of accounts) {
          for (const { hourMs, byteSeconds } of hours) addStorage.run(hourMs / HOUR_MS, computeId, byteSeconds);
          if (level === null) deleteLevel.run(computeId);
          else putLevel.run(...levelValues(level));
        }
      });
    },
  };
}

function levelValues(level: StorageLevel): [string, number, number, number, number, string, number] {
  const { computeId, dataBytes, bytes, wallMs, monotonicMs, bootId, remainder } = level;
  return [computeId, dataBytes, bytes, wallMs, monotonicMs, bootId, remainder];
}

function toLevel(row: LevelRow): StorageLevel {
  return {
    computeId: row.compute_id,
    dataBytes: row.data_bytes,
    bytes: row.bytes,
    wallMs: row.wall_ms,
    monotonicMs: row.monotonic_ms,
    bootId: row.boot_id,
    remainder: row.remainder,
  };
}
