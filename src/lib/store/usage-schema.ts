/**
 * The step that brings roll-ups of usage by hour, day and month. As every step it is never edited: what comes later, other bounds
 * of the histogram say, is a step of its own, and nothing here is read from anywhere else.
 *
 * | table            | a row holds                                        | written by                                         |
 * | ---------------- | -------------------------------------------------- | -------------------------------------------------- |
 * | `usage_hours`    | of closed segments: the part inside that hour      | triggers, in the transaction that changes segments |
 * |                  | of wakes: how long they took                       | a trigger, in the one that records the start       |
 * |                  | traffic and storage                                | the heartbeat and the storage meter, which add     |
 * | `usage_days`,    | the sum of its hours                               | triggers, in the one that changes hours            |
 * | `usage_months`   |                                                    |                                                    |
 * | `storage_levels` | what data takes, and until when that is in `hours` | the storage meter                                  |
 *
 * Triggers, so that whatever changes a segment, late, corrected or removed, changes its hours too; `verify()` adds up anew.
 */
const SEGMENT_METERS = ['active_ms', 'quarter_cu_ms', 'frozen_ms', 'hibernated_ms', 'wakes'];
/** By bucket of how long they took, in ms, and all together. */
const BOUNDS = [50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const WAKE_METERS = [...BOUNDS.map((bound) => `woken_${bound}`), 'woken_later', 'wake_ms'];
const TRAFFIC_METERS = ['bytes_in', 'bytes_out', 'queries'];
const COUNTS = [...SEGMENT_METERS, ...WAKE_METERS, ...TRAFFIC_METERS];

const declare = (columns: readonly string[]): string =>
  columns.map((column) => `${column} INTEGER NOT NULL DEFAULT 0`).join(', ');
const addUp = (columns: readonly string[]): string =>
  columns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ');

/** What is kept of storage for long does not fit into 64 bits, so its two halves are added up apart. */
const HALVES = ['storage_high', 'storage_low'];
const halvesOf = (row: string): string[] => [
  `${row}.storage_byte_seconds >> 20`,
  `${row}.storage_byte_seconds & 1048575`,
];
const monthOf = (row: string): string =>
  `(strftime('%Y', ${row}.hour * 3600, 'unixepoch') - 1970) * 12 + strftime('%m', ${row}.hour * 3600, 'unixepoch') - 1`;

/** Of what hours there are, before anything keeps them. */
function fillSums(period: 'day' | 'month', of: (row: string) => string): string {
  const sums = [...COUNTS.map((column) => `h.${column}`), ...halvesOf('h')].map((column) => `sum(${column})`);
  return `INSERT INTO usage_${period}s (${period}, compute_id, ${[...COUNTS, ...HALVES].join(', ')})
    SELECT ${of('h')}, h.compute_id, ${sums.join(', ')} FROM usage_hours h GROUP BY 1, 2;`;
}

/** Keeps the days or months of what becomes of hours. */
function sumIn(period: 'day' | 'month', of: (row: string) => string): string {
  const columns = [...COUNTS, ...HALVES];
  const changes = [
    ...COUNTS.map((column) => `${column} = ${column} + NEW.${column} - OLD.${column}`),
    ...HALVES.map((half, at) => `${half} = ${half} + (${halvesOf('NEW')[at]}) - (${halvesOf('OLD')[at]})`),
  ];
  return `
  CREATE TRIGGER new_hour_in_${period} AFTER INSERT ON usage_hours BEGIN
    INSERT INTO usage_${period}s (${period}, compute_id, ${columns.join(', ')})
    VALUES (${of('NEW')}, NEW.compute_id, ${[...COUNTS.map((column) => `NEW.${column}`), ...halvesOf('NEW')].join(', ')})
    ON CONFLICT (${period}, compute_id) DO UPDATE SET ${addUp(columns)};
  END;
  CREATE TRIGGER changed_hour_in_${period} AFTER UPDATE ON usage_hours BEGIN
    UPDATE usage_${period}s SET ${changes.join(', ')} WHERE ${period} = ${of('NEW')} AND compute_id = NEW.compute_id;
  END;`;
}

/** The hours of a closed segment, added or taken away. */
function spread(row: 'NEW' | 'OLD', sign: '' | '-'): string {
  const { compute_id, started_at_ms, quarter_cu, cause, depth, end } = columnsOf(row);
  return `
    INSERT INTO usage_hours (hour, compute_id, ${SEGMENT_METERS.join(', ')})
    SELECT hour, ${compute_id}, ${sign}iif(${depth} IS NULL, inside_ms, 0),
      ${sign}iif(${depth} IS NULL, inside_ms * ${quarter_cu}, 0),
      ${sign}iif(${depth} = 'frozen', inside_ms, 0), ${sign}iif(${depth} = 'hibernated', inside_ms, 0),
      ${sign}(${cause} = 'wake' AND hour = ${started_at_ms} / 3600000)
    FROM (
      WITH RECURSIVE hours (hour) AS (
        SELECT ${started_at_ms} / 3600000 UNION ALL SELECT hour + 1 FROM hours WHERE (hour + 1) * 3600000 < ${end}
      )
      SELECT hour, min(${end}, (hour + 1) * 3600000) - max(${started_at_ms}, hour * 3600000) AS inside_ms FROM hours
    )
    WHERE TRUE
    ON CONFLICT (hour, compute_id) DO UPDATE SET ${addUp(SEGMENT_METERS)};`;
}

function columnsOf(row: 'NEW' | 'OLD') {
  return {
    compute_id: `${row}.compute_id`,
    started_at_ms: `${row}.started_at_ms`,
    quarter_cu: `${row}.quarter_cu`,
    cause: `${row}.cause`,
    depth: `${row}.depth`,
    end: `(${row}.started_at_ms + ${row}.length_ms)`,
  };
}

const WAKE_HOUR = (event: string): string => `CAST(round(${event} ->> '$.segmentStartedAtMs') AS INTEGER) / 3600000`;
const WAKE_BUCKETS = (event: string): string => {
  const took = `${event} ->> '$.totalMs'`;
  const buckets = BOUNDS.map((bound, at) => `${took} <= ${bound}${at === 0 ? '' : ` AND ${took} > ${BOUNDS[at - 1]}`}`);
  return [...buckets, `${took} > ${BOUNDS.at(-1)}`, `CAST(round(${took}) AS INTEGER)`].join(', ');
};

export const USAGE_STEP = `
  CREATE TABLE usage_hours (
    -- Since the epoch, in UTC.
    hour INTEGER NOT NULL,
    compute_id TEXT NOT NULL,
    ${declare([...COUNTS, 'storage_byte_seconds'])},
    PRIMARY KEY (hour, compute_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE usage_days (
    -- Since the epoch, in UTC.
    day INTEGER NOT NULL,
    compute_id TEXT NOT NULL,
    ${declare([...COUNTS, ...HALVES])},
    PRIMARY KEY (day, compute_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE usage_months (
    -- Since January 1970, in UTC.
    month INTEGER NOT NULL,
    compute_id TEXT NOT NULL,
    ${declare([...COUNTS, ...HALVES])},
    PRIMARY KEY (month, compute_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE storage_levels (
    compute_id TEXT PRIMARY KEY,
    data_bytes INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    wall_ms REAL NOT NULL,
    monotonic_ms REAL NOT NULL,
    boot_id TEXT NOT NULL,
    -- Byte-milliseconds that do not make a whole byte-second yet.
    remainder INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  INSERT INTO usage_hours (hour, compute_id, ${SEGMENT_METERS.join(', ')})
  WITH RECURSIVE parts (hour, compute_id, started_at_ms, ended_at_ms, quarter_cu, cause, depth) AS (
    SELECT started_at_ms / 3600000, compute_id, started_at_ms, started_at_ms + length_ms, quarter_cu, cause, depth
    FROM segments WHERE length_ms IS NOT NULL
    UNION ALL
    SELECT hour + 1, compute_id, started_at_ms, ended_at_ms, quarter_cu, cause, depth
    FROM parts WHERE (hour + 1) * 3600000 < ended_at_ms
  ), cut AS (
    SELECT *, min(ended_at_ms, (hour + 1) * 3600000) - max(started_at_ms, hour * 3600000) AS inside_ms FROM parts
  )
  SELECT hour, compute_id, sum(iif(depth IS NULL, inside_ms, 0)), sum(iif(depth IS NULL, inside_ms * quarter_cu, 0)),
    sum(iif(depth = 'frozen', inside_ms, 0)), sum(iif(depth = 'hibernated', inside_ms, 0)),
    sum(cause = 'wake' AND hour = started_at_ms / 3600000)
  FROM cut GROUP BY hour, compute_id;

  INSERT INTO usage_hours (hour, compute_id, ${WAKE_METERS.join(', ')})
  SELECT ${WAKE_HOUR('event')}, compute_id, ${WAKE_BUCKETS('event')}
  FROM events WHERE type = 'started' AND event ->> '$.cause' = 'wake'
  ON CONFLICT (hour, compute_id) DO UPDATE SET ${addUp(WAKE_METERS)};

  ${fillSums('day', (row) => `${row}.hour / 24`)}
  ${fillSums('month', monthOf)}

  ${sumIn('day', (row) => `${row}.hour / 24`)}
  ${sumIn('month', monthOf)}

  CREATE TRIGGER inserted_segment_in_hours AFTER INSERT ON segments WHEN NEW.length_ms IS NOT NULL BEGIN
    ${spread('NEW', '')}
  END;
  CREATE TRIGGER closed_segment_in_hours AFTER UPDATE ON segments WHEN NEW.length_ms IS NOT NULL BEGIN
    ${spread('NEW', '')}
  END;
  CREATE TRIGGER changed_segment_in_hours AFTER UPDATE ON segments WHEN OLD.length_ms IS NOT NULL BEGIN
    ${spread('OLD', '-')}
  END;
  CREATE TRIGGER removed_segment_in_hours AFTER DELETE ON segments WHEN OLD.length_ms IS NOT NULL BEGIN
    ${spread('OLD', '-')}
  END;
  CREATE TRIGGER wake_in_hour AFTER INSERT ON events
  WHEN NEW.type = 'started' AND NEW.event ->> '$.cause' = 'wake' BEGIN
    INSERT INTO usage_hours (hour, compute_id, ${WAKE_METERS.join(', ')})
    VALUES (${WAKE_HOUR('NEW.event')}, NEW.compute_id, ${WAKE_BUCKETS('NEW.event')})
    ON CONFLICT (hour, compute_id) DO UPDATE SET ${addUp(WAKE_METERS)};
  END;
`;
