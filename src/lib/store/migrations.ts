import type { DatabaseSync } from 'node:sqlite';

import { MONEY_STEP } from './money-schema.ts';
import { KEYS_STEP } from './key-records.ts';
import { ACCESS_STEP } from './access-step.ts';
import { USAGE_STEP } from './usage-schema.ts';

/**
 * Steps forward, in order: the database's `user_version` is the number of steps it has taken. A step that has been
 * released is never edited; what comes later is a new step.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Rows are never deleted, so that a plain integer key never repeats; AUTOINCREMENT would write one more page.
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    compute_id TEXT NOT NULL,
    compute_name TEXT NOT NULL,
    project TEXT NOT NULL,
    type TEXT NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of_compute ON events (compute_id);

  CREATE TABLE computes (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    kept_until_ms INTEGER,
    doc TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX live_name ON computes (project, name) WHERE state <> 'destroyed';
  CREATE INDEX restorable_name ON computes (project, name) WHERE kept_until_ms IS NOT NULL;

  -- Kept by compute and start: a report reads each compute's part of a window in one run, without look-ups.
  CREATE TABLE segments (
    compute_id TEXT NOT NULL REFERENCES computes (id),
    started_at_ms INTEGER NOT NULL,
    id INTEGER NOT NULL,
    length_ms INTEGER,
    quarter_cu INTEGER NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (compute_id, started_at_ms, id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX open_segment ON segments (compute_id) WHERE length_ms IS NULL;
  -- Longer than a day: the few that can reach into a window from far before it.
  CREATE INDEX long_segment ON segments (started_at_ms) WHERE length_ms > 86400000;

  CREATE TABLE heartbeats (
    segment_id INTEGER PRIMARY KEY,
    wall_ms REAL NOT NULL,
    length_ms REAL NOT NULL,
    boot_id TEXT NOT NULL,
    monotonic_ms REAL NOT NULL
  ) STRICT;
  CREATE TABLE secrets (compute_id TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE accounts (compute_id TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT;

  INSERT INTO meta VALUES ('homeId', lower(hex(randomblob(4))));
  `,
  `
  CREATE TABLE storage_services (name TEXT PRIMARY KEY, doc TEXT NOT NULL, credential TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE storage_changes (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    name TEXT NOT NULL,
    verdict TEXT NOT NULL,
    message TEXT
  ) STRICT;
  CREATE INDEX storage_changes_of_service ON storage_changes (name, at_ms);
  `,
  `
  -- How deep a sleep was that kept the process; null while active.
  ALTER TABLE segments ADD COLUMN depth TEXT;
  `,
  `
  CREATE TABLE snapshots (id TEXT PRIMARY KEY, compute_id TEXT NOT NULL, name TEXT NOT NULL, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX snapshot_name ON snapshots (compute_id, name);
  `,
  `
  -- The empty name is the image that a new compute gets when nobody says otherwise.
  CREATE TABLE pools (image TEXT PRIMARY KEY, size INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE spares (id TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  USAGE_STEP,
  KEYS_STEP,
  `
  CREATE TABLE projects (name TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Those of before came into being with their first compute; with a bare min() the other columns are of its row.
  INSERT INTO projects
    SELECT project, json_object('name', project, 'description', NULL, 'tags', json('{}'), 'limits', json('{}'),
      'createdAtMs', at_ms, 'deletedAtMs', NULL, 'notes', json('{}'), 'seq', min(seq))
    FROM events WHERE type IN ('createRequested', 'restored') GROUP BY project;
  `,
  ACCESS_STEP,
  MONEY_STEP,
];

/** The newest version this doze can read and write. */
export const KNOWN_VERSION = STEPS.length;

/** Takes the steps that are missing, each in a transaction of its own. @param upTo for tests of what is of before */
export function migrate(db: DatabaseSync, upTo = KNOWN_VERSION): void {
  for (let version = userVersion(db); version < upTo; version = userVersion(db)) takeStep(db, version);
}

function takeStep(db: DatabaseSync, from: number): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have taken it while this one waited for the lock.
    if (userVersion(db) === from) db.exec(`${STEPS[from] ?? ''}; PRAGMA user_version = ${from + 1}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

export function userVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}
