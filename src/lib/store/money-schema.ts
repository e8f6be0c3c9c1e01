/** Rate cards, and what receivers of usage were told. */
export const MONEY_STEP = `
  -- What was billed by a version must stay to be read.
  CREATE TABLE rate_cards (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    project TEXT,
    doc TEXT NOT NULL,
    UNIQUE (name, version)
  ) STRICT;
  CREATE TRIGGER rate_cards_stay BEFORE UPDATE ON rate_cards BEGIN SELECT RAISE (ABORT, 'rate cards are only added'); END;
  CREATE TRIGGER rate_cards_remain BEFORE DELETE ON rate_cards BEGIN SELECT RAISE (ABORT, 'rate cards are only added'); END;

  -- By receiver: up to where hours have been sent, the batch under way, and what was said of the hours that may change yet.
  CREATE TABLE pushes (
    receiver TEXT PRIMARY KEY,
    since_ms INTEGER NOT NULL,
    cursor_ms INTEGER NOT NULL,
    outbox TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE pushed (
    receiver TEXT NOT NULL,
    hour_ms INTEGER NOT NULL,
    compute_id TEXT NOT NULL,
    meter TEXT NOT NULL,
    total INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (receiver, hour_ms, compute_id, meter)
  ) STRICT, WITHOUT ROWID;
`;
