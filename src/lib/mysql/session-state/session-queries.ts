import { PIN_COUNTERS } from './pin-counters.ts';
import { bytes, listOfNames, quoteName, utf8 } from './sql-text.ts';
import type { UserVariableType } from './snapshot.ts';

/** Of all user variables together, and more than any one may have. */
export const MAX_USER_BYTES = 256 * 1024;

/**
 * What the first statement reads, in order. It names no table, so that the server keeps the warnings of the statement
 * before it; every other statement of the snapshot destroys what the first five tell. Variables that the later ones
 * override for themselves, or that a login sets by itself (an account's limit, the client's flags), are here too.
 */
const SCALARS = {
  warningCount: '@@warning_count',
  errorCount: '@@error_count',
  rowCount: 'ROW_COUNT()',
  foundRows: 'FOUND_ROWS()',
  lastInsertId: 'LAST_INSERT_ID()',
  insertId: '@@insert_id',
  timestamp: '@@timestamp',
  inTransaction: '@@in_transaction',
  randomSeed1: '@@rand_seed1',
  randomSeed2: '@@rand_seed2',
  connectionId: '@@pseudo_thread_id',
  database: 'DATABASE()',
  role: 'CURRENT_ROLE()',
  client: '@@character_set_client',
  results: '@@character_set_results',
  connectionCollation: '@@collation_connection',
  databaseCollation: '@@collation_database',
  maxAllowedPacket: '@@max_allowed_packet',
  initConnect: '@@global.init_connect',
  sql_mode: '@@sql_mode',
  wait_timeout: '@@wait_timeout',
  max_statement_time: '@@max_statement_time',
  sql_select_limit: '@@sql_select_limit',
  sql_big_selects: '@@sql_big_selects',
} as const;

export type ScalarName = keyof typeof SCALARS;
export const SCALAR_NAMES = Object.keys(SCALARS) as readonly ScalarName[];

export const SCALARS_QUERY = `SELECT ${Object.values(SCALARS).map(utf8).join(', ')} LIMIT 1`;

export const WARNINGS_QUERY = 'SHOW WARNINGS LIMIT 65535';

/** Kinds of rows that the second statement gives. */
export const StateRow = { VARIABLE: '1', COUNTER: '2', USER_VARIABLE: '3' } as const;

const MAX_STATE_ROWS = 10_000;

/**
 * Variables that a new connection would not have: other than the global value; the same, but the global one was set
 * by SET GLOBAL, which a restart forgets; or named by init_connect, which runs again.
 */
const DIFFERING = [
  `(${bytes('SESSION_VALUE')} <=> ${bytes('GLOBAL_VALUE')}) = 0`,
  `GLOBAL_VALUE_ORIGIN = 'SQL'`,
  'LOCATE(VARIABLE_NAME, @@global.init_connect) > 0',
].join(' OR ');

const COUNTERS = [...Object.keys(PIN_COUNTERS), 'COM_STMT_PREPARE', 'COM_STMT_CLOSE', 'BYTES_RECEIVED'];

/** Each row: kind, name, value, type, character set. */
export const STATE_QUERY = [
  'SET STATEMENT max_statement_time = 0, sql_big_selects = 1, sql_select_limit = 18446744073709551615 FOR',
  `SELECT ${columns(StateRow.VARIABLE, 'VARIABLE_NAME', 'SESSION_VALUE', 'VARIABLE_TYPE', 'NULL')}`,
  `FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_SCOPE IN ('SESSION', 'SESSION ONLY') AND (${DIFFERING})`,
  `UNION ALL SELECT ${columns(StateRow.COUNTER, 'VARIABLE_NAME', 'VARIABLE_VALUE', 'NULL', 'NULL')}`,
  `FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME IN (${listOfNames(COUNTERS)})`,
  `UNION ALL SELECT ${columns(StateRow.USER_VARIABLE, 'VARIABLE_NAME', 'NULL', 'VARIABLE_TYPE', 'CHARACTER_SET_NAME')}`,
  `FROM information_schema.USER_VARIABLES LIMIT ${MAX_STATE_ROWS}`,
].join(' ');

function columns(...expressions: readonly string[]): string {
  return expressions.map((expression) => (expression === 'NULL' ? 'NULL' : utf8(expression))).join(', ');
}

export interface KnownUserVariable {
  readonly name: string;
  readonly type: UserVariableType;
  readonly charset: string;
}

/** How many columns of the answer belong to one variable. */
export const USER_VARIABLE_COLUMNS = 3;

/** For each variable its value, its collation, and 1 if its bytes are still the same when read back. */
export function userVariablesQuery(variables: readonly KnownUserVariable[]): string {
  const limits = 'SET STATEMENT max_statement_time = 0 FOR';
  return `${limits} SELECT ${variables.map(userVariableColumns).join(', ')} LIMIT 1`;
}

function userVariableColumns({ name, type, charset }: KnownUserVariable): string {
  const variable = `@${quoteName(name)}`;
  if (type !== 'VARCHAR') return `${utf8(variable)}, NULL, ${utf8('1')}`;
  const raw = bytes(variable);
  // What is not text of its character set, such as half a UTF-8 sequence, would be made into something else.
  const isSame = `${bytes(`CONVERT(${raw} USING ${charset})`)} <=> ${raw}`;
  // Refused for a value that is no string but of a type of its own, such as a point: the snapshot fails.
  const isString = `((${variable} + 0) IS NULL) IN (0, 1)`;
  return [
    utf8(`HEX(LEFT(${raw}, ${MAX_USER_BYTES + 1}))`),
    utf8(`COLLATION(${variable})`),
    utf8(`(${isSame}) AND ${isString}`),
  ].join(', ');
}
