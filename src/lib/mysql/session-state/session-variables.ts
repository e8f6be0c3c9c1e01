import type { PinReason } from './pin-reason.ts';
import type { Scalars } from './scalars.ts';
import type { SessionVariable } from './snapshot.ts';

/** One row of the server's, its name in capitals. */
export interface VariableRow {
  readonly name: string;
  readonly value: string | null;
  readonly type: string;
}

/** Read and restored by hand, belong to the account, or tell of a moment. */
const BY_HAND: ReadonlySet<string> = new Set([
  ...['CHARACTER_SET_CLIENT', 'CHARACTER_SET_CONNECTION', 'CHARACTER_SET_RESULTS', 'CHARACTER_SET_DATABASE'],
  ...['COLLATION_CONNECTION', 'COLLATION_DATABASE', 'SQL_MODE', 'WAIT_TIMEOUT', 'MAX_STATEMENT_TIME'],
  ...['SQL_SELECT_LIMIT', 'SQL_BIG_SELECTS', 'ERROR_COUNT', 'WARNING_COUNT', 'IDENTITY', 'LAST_INSERT_ID'],
  ...['INSERT_ID', 'TIMESTAMP', 'RAND_SEED1', 'RAND_SEED2', 'PSEUDO_THREAD_ID', 'IN_TRANSACTION'],
  ...['EXTERNAL_USER', 'PROXY_USER', 'MAX_USER_CONNECTIONS'],
]);

/** A session's only, without a global value to compare with: what it has as long as nobody sets it. */
const NEUTRAL_VALUES: Readonly<Record<string, string>> = {
  DEFAULT_MASTER_CONNECTION: '',
  GTID_SEQ_NO: '0',
  LAST_GTID: '',
  PSEUDO_SLAVE_MODE: 'OFF',
  SKIP_PARALLEL_REPLICATION: 'OFF',
  SKIP_REPLICATION: 'OFF',
  WSREP_GTID_SEQ_NO: '0',
  // These say that there is more than the variable: profiles, and an id that `IS NULL` finds once.
  PROFILING: 'OFF',
  SQL_AUTO_IS_NULL: 'OFF',
};

/**
 * Read-only in a session, or of no use without what hangs on them. SYSTEM_VERSIONING_ASOF is told in the session's time zone
 * and taken in the one before (10.11.19).
 */
const NEVER_CARRIED: ReadonlySet<string> = new Set([
  ...['MAX_ALLOWED_PACKET', 'NET_BUFFER_LENGTH', 'GTID_SEQ_NO', 'LAST_GTID', 'WSREP_GTID_SEQ_NO'],
  ...['PROFILING', 'SQL_AUTO_IS_NULL', 'SYSTEM_VERSIONING_ASOF'],
]);

/** As long as information_schema tells of a value; a longer one was cut. */
const MAX_VALUE_LENGTH = 2048;

/** Those that a new connection has to be given, or the first that it cannot be given. */
export function readVariables(rows: readonly VariableRow[]): readonly SessionVariable[] | PinReason {
  const variables: SessionVariable[] = [];
  for (const { name, value, type } of rows) {
    if (BY_HAND.has(name) || (value !== null && NEUTRAL_VALUES[name] === value)) continue;
    if (NEVER_CARRIED.has(name) || (value !== null && value.length >= MAX_VALUE_LENGTH))
      return { code: 'variable', name: name.toLowerCase() };
    variables.push({ name: name.toLowerCase(), value, isNumber: /^(?:BIG)?INT\b|^DOUBLE$/.test(type) });
  }
  return variables;
}

/**
 * Those that a login sets by itself, by the account's limits and the client's flags, or that the snapshot's own
 * statements override. After the others: setting max_join_size sets sql_big_selects.
 */
export function loginVariables(scalars: Scalars): readonly SessionVariable[] {
  return [
    { name: 'sql_mode', value: scalars.sql_mode, isNumber: false },
    { name: 'sql_big_selects', value: scalars.sql_big_selects, isNumber: false },
    { name: 'sql_select_limit', value: scalars.sql_select_limit, isNumber: true },
    { name: 'wait_timeout', value: scalars.wait_timeout, isNumber: true },
    { name: 'max_statement_time', value: scalars.max_statement_time, isNumber: true },
  ];
}
