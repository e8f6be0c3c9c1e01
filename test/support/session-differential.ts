import { restoreStatements, takeSnapshot, type PinReason, type SessionQuery } from '../../src/lib/mysql/index.ts';
import { openSessionConnection, type SessionConnection } from './session-connection.ts';
import type { RawLogin } from './raw-client.ts';

export type Login = Omit<RawLogin, 'capabilities'>;

export type CarryOutcome =
  | { readonly kind: 'pinned'; readonly reason: PinReason }
  /** What the session and its successor said to the same questions, where they differ. */
  | { readonly kind: 'carried'; readonly differences: readonly string[] };

/** Objects that the statements speak of. */
export const PREPARATION: readonly string[] = [
  'CREATE OR REPLACE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT)',
  'INSERT INTO t (a) VALUES (1), (2), (3)',
  'CREATE ROLE IF NOT EXISTS seller',
  'CREATE ROLE IF NOT EXISTS `odd``role`',
  "CREATE OR REPLACE PROCEDURE hide() BEGIN SET @hidden = 'x'; SET SESSION join_buffer_size = 130000; END",
  'CREATE OR REPLACE PROCEDURE make_temporary() CREATE TEMPORARY TABLE made (a INT)',
  'CREATE OR REPLACE PROCEDURE flush_status() FLUSH STATUS',
];

const TEXT = (expression: string): string => `CAST(CONVERT(${expression} USING utf8mb4) AS BINARY)`;

/** Questions whose answers tell what a session is. None leaves anything behind that the next would see. */
const PROBES: readonly string[] = [
  `SELECT CONCAT(${TEXT('LAST_INSERT_ID()')}, '/', @@identity, '/', @@insert_id, '/', @@rand_seed1, '/', @@rand_seed2) LIMIT 1`,
  `SELECT ${['DATABASE()', 'CURRENT_ROLE()', 'CURRENT_USER()', '@@in_transaction'].map(TEXT).join(', ')} LIMIT 1`,
  "SELECT HEX('a'), COLLATION('a'), CHARSET(CAST(1 AS CHAR)), 1 / 3 LIMIT 1",
  `SELECT 'a' || 'b', "t", NOT 1 BETWEEN -5 AND 5, '\\n', 1 <> '1 ' LIMIT 1`,
  "SELECT DAYNAME('2024-05-05'), GROUP_CONCAT(a ORDER BY id) FROM t LIMIT 1",
  'SELECT RAND(), RAND() LIMIT 1',
  'SELECT id FROM t ORDER BY id',
  `SET STATEMENT max_statement_time = 0, sql_big_selects = 1, sql_select_limit = 18446744073709551615 FOR
   SELECT ${TEXT('VARIABLE_NAME')}, CAST(SESSION_VALUE AS BINARY) FROM information_schema.SYSTEM_VARIABLES
   WHERE VARIABLE_SCOPE <> 'GLOBAL' AND VARIABLE_NAME NOT IN
   ('TIMESTAMP', 'PSEUDO_THREAD_ID', 'ERROR_COUNT', 'WARNING_COUNT') ORDER BY 1 LIMIT 1000`,
];

const FIXED_CLOCK_PROBE = 'SELECT CAST(@@timestamp AS CHAR), NOW(6) LIMIT 1';

/** Runs the statements, refused or not, carries the session over, and asks both the same. */
export async function carryOver(login: Login, statements: readonly string[]): Promise<CarryOutcome> {
  await using session = await openSessionConnection(login);
  for (const statement of statements) await answerOf(session.query, statement);
  const outcome = await takeSnapshot(session.query, session.raw.socket.bytesWritten);
  if (outcome.kind === 'pinned') return { kind: 'pinned', reason: outcome.reason };
  const { snapshot } = outcome;
  const { database: _, ...bare } = login;
  await using successor = await openSessionConnection(bare);
  for (const statement of restoreStatements(snapshot)) {
    try {
      await successor.query(statement);
    } catch (error) {
      return { kind: 'carried', differences: [`${statement}: ${String(error)}`] };
    }
  }
  const probes = [...PROBES, ...(snapshot.fixedTimestamp === null ? [] : [FIXED_CLOCK_PROBE])];
  const names = snapshot.userVariables.map(({ name }) => `@\`${name.replaceAll('`', '``')}\``);
  const ofVariables = names.map(
    (name) => `SELECT ${name}, HEX(${name}), COLLATION(${name}), ${name} / 3, ${name} + 0 LIMIT 1`,
  );
  return {
    kind: 'carried',
    differences: await compare(session, successor, [...probes, ...ofVariables, USER_VARIABLES]),
  };
}

const USER_VARIABLES = `SET STATEMENT sql_big_selects = 1 FOR
  SELECT HEX(VARIABLE_NAME), HEX(VARIABLE_VALUE), VARIABLE_TYPE, CHARACTER_SET_NAME
  FROM information_schema.USER_VARIABLES ORDER BY 1 LIMIT 1000`;

async function compare(one: SessionConnection, other: SessionConnection, probes: readonly string[]): Promise<string[]> {
  const differences: string[] = [];
  for (const probe of probes) {
    const [was, is] = [await answerOf(one.query, probe), await answerOf(other.query, probe)];
    if (was !== is) differences.push(`${probe.slice(0, 60)}: ${firstDifference(was, is)}`);
  }
  return differences;
}

function firstDifference(was: string, is: string): string {
  const [left, right] = [was.split('\n'), is.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return `${left[at] ?? '(none)'} became ${right[at] ?? '(none)'}`;
}

async function answerOf(query: SessionQuery, sql: string): Promise<string> {
  try {
    const rows = await query(sql);
    return rows.map((row) => row.map((cell) => cell?.toString('latin1') ?? 'NULL').join('|')).join('\n');
  } catch (error) {
    return `refused: ${String(error)}`;
  }
}
