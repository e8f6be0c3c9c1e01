/** The schema's step for tokens of the API, and for who did what. */
export const ACCESS_STEP = `
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL,
    doc TEXT NOT NULL,
    used_at_ms INTEGER,
    used_from TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (
    -- A number that was once given is never given again, or who follows the trail would miss what has it.
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    project TEXT,
    token_id TEXT,
    status INTEGER,
    code TEXT,
    doc TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at_ms);
`;
