import mysql2, { type Connection } from 'mysql2/promise';

import type { GatewayOverServer } from './gateway-over-server.ts';

/** A script that goes through what a session can have, in databases of their own that are the same. */
const TABLES = [
  'CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT, s VARCHAR(20) COLLATE utf8mb4_unicode_ci)',
  'INSERT INTO t (a, s) VALUES (1, "one"), (2, "two"), (3, "drei")',
  'CREATE TABLE n (id INT PRIMARY KEY, d DATETIME, f DOUBLE, p DECIMAL(12,4), b BLOB)',
  'CREATE SEQUENCE q',
  'CREATE PROCEDURE temporary() CREATE TEMPORARY TABLE IF NOT EXISTS hidden AS SELECT 1 AS x',
  'CREATE PROCEDURE setting(v INT) SET @fromprocedure = v',
  'CREATE FUNCTION twice(v INT) RETURNS INT DETERMINISTIC RETURN 2 * v',
];

export const PROBE = `SELECT DATABASE() <=> NULL AS nodb, @@autocommit AS ac, @@sql_mode AS mode, @@time_zone AS tz,
  @@character_set_client AS cc, @@character_set_results AS cr, @@collation_connection AS co,
  @i AS i, @d AS d, @f AS f, @s AS s, HEX(@b) AS b, @n AS n, COLLATION(@s) AS cs, @fromprocedure AS fp`;

export const STATES = [
  'SET @i = 5, @d = 1.50, @f = 1.5e-7, @n = NULL',
  "SET @s = 'grün', @b = X'00ff80'",
  "SET @s = _latin1'gr' COLLATE latin1_german1_ci",
  'SET @i = 18446744073709551615',
  'SET @i = -9223372036854775808, @f = 0.1e0, @d = -0.0001',
  'SET NAMES latin1',
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
  "SET sql_mode = 'PIPES_AS_CONCAT'",
  "SET sql_mode = ''",
  'SET sql_mode = DEFAULT',
  "SET time_zone = '+05:30'",
  'SET time_zone = DEFAULT',
  'SET autocommit = 1',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION TRANSACTION READ ONLY',
  'SET SESSION TRANSACTION READ WRITE',
  'SET SESSION wait_timeout = 777',
  'SET SESSION sql_select_limit = 2',
  'SET SESSION sql_select_limit = DEFAULT',
  'SET SESSION max_statement_time = 30',
  'SET SESSION group_concat_max_len = 16',
  'SET SESSION div_precision_increment = 8',
  'SET SESSION lc_time_names = de_DE',
  'SET SESSION foreign_key_checks = 0',
  'SET SESSION unique_checks = 0',
  'SET SESSION sql_safe_updates = 1',
  'SET SESSION sql_safe_updates = 0',
  'SET SESSION auto_increment_increment = 10, auto_increment_offset = 3',
  'SET SESSION auto_increment_increment = DEFAULT, auto_increment_offset = DEFAULT',
  'SET timestamp = 1700000000',
  'SET timestamp = DEFAULT',
  'SET ROLE reader',
  'SET ROLE NONE',
  'USE other',
  'USE `%db%`',
  'SET insert_id = 500',
  'CALL setting(7)',
  'CALL temporary()',
];

export const QUESTIONS = [
  'SELECT @i + 1 AS x, @d * 3 AS y, @f * 2 AS z, CONCAT(@s, "|") AS w',
  'SELECT @@wait_timeout, @@max_statement_time, @@group_concat_max_len, @@lc_time_names',
  'SELECT @@tx_isolation, @@tx_read_only, @@foreign_key_checks, @@unique_checks, @@auto_increment_increment',
  'SELECT 1/3, GROUP_CONCAT(s) FROM `%db%`.t',
  'SELECT CURRENT_ROLE(), USER(), CURRENT_USER()',
  'SELECT id, s FROM `%db%`.t ORDER BY id',
  "INSERT INTO `%db%`.t (a, s) VALUES (9, 'neun')",
  'SELECT LAST_INSERT_ID()',
  "UPDATE `%db%`.t SET a = a + 1 WHERE s = 'neun'",
  'SELECT ROW_COUNT()',
  'SELECT id FROM `%db%`.t LIMIT 2',
  'SELECT FOUND_ROWS()',
  "SELECT CAST('12x' AS SIGNED)",
  'SHOW WARNINGS',
  "SELECT CAST('12x' AS SIGNED)",
  'SELECT @@warning_count',
  'SELECT 1 FROM nowhere.nothing',
  'SHOW ERRORS',
  'SELEC',
  'SHOW COUNT(*) ERRORS',
  'SELECT twice(@i) FROM `%db%`.t LIMIT 1',
  'SELECT MONTHNAME("2024-03-01")',
  "SELECT 'a' 'b', \"c\"",
  'SELECT 1; SELECT 2',
  'DO 1',
  'SELECT CONNECTION_ID() = CONNECTION_ID()',
  "REPLACE INTO `%db%`.n VALUES (1, '2024-01-01', 1e10, 12.5, X'00ff')",
  'SELECT * FROM `%db%`.n',
  'DELETE FROM `%db%`.n',
  'ANALYZE TABLE `%db%`.t',
  'EXPLAIN SELECT * FROM `%db%`.t WHERE id = 1',
  'SHOW CREATE TABLE `%db%`.t',
  "SHOW VARIABLES LIKE 'sql_mode'",
];

/** Each leaves something that pins, and ends it as far as that can be told. */
export const PINS = [
  [
    'START TRANSACTION',
    'INSERT INTO t (a) VALUES (77)',
    'SELECT COUNT(*) FROM t',
    'ROLLBACK',
    'SELECT COUNT(*) FROM t',
  ],
  ['SET autocommit = 0', 'INSERT INTO t (a) VALUES (78)', 'COMMIT', 'SET autocommit = 1', 'SELECT @@autocommit'],
  ["SELECT GET_LOCK('%db%', 0)", "SELECT IS_USED_LOCK('%db%') IS NULL", "SELECT RELEASE_LOCK('%db%')"],
  ['CREATE TEMPORARY TABLE mine (x INT)', 'INSERT INTO mine VALUES (1), (2)', 'SELECT * FROM mine'],
  ['LOCK TABLES t WRITE', 'SELECT COUNT(*) FROM t', 'UNLOCK TABLES'],
  ["PREPARE p FROM 'SELECT ? + 1'", 'SET @v = 41', 'EXECUTE p USING @v', 'DEALLOCATE PREPARE p'],
  ['HANDLER t OPEN', 'HANDLER t READ FIRST', 'HANDLER t CLOSE'],
  ['SELECT NEXTVAL(q)', 'SELECT NEXTVAL(q)'],
  ['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'START TRANSACTION', 'SELECT 1', 'COMMIT'],
];

/** Two databases with the same tables, whose names stand for `%db%`. */
export async function prepareTwins(over: GatewayOverServer): Promise<void> {
  const databases = ['direct', 'through'].flatMap((name) => [`CREATE DATABASE ${name}`, `USE ${name}`, ...TABLES]);
  await over.server.run(
    `CREATE USER app@'%' IDENTIFIED BY 'secret'`,
    'CREATE DATABASE other',
    `GRANT ALL ON *.* TO app@'%'`,
    'CREATE ROLE reader',
    `GRANT reader TO app@'%'`,
    ...databases,
  );
  await over.host.refreshAccounts('c1');
}

export function connect(port: number, database: string): Promise<Connection> {
  return mysql2.createConnection({
    host: '127.0.0.1',
    port,
    user: 'app',
    password: 'secret',
    database,
    multipleStatements: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
}

/** What a client is told. The two databases have the same tables under names of their own. */
export async function tell(connection: Connection, sql: string, database: string): Promise<string> {
  try {
    const [rows, fields] = await connection.query(sql.replaceAll('%db%', database));
    const names = JSON.stringify(fields, (key: string, value: unknown) => (isOfField(key) ? value : undefined));
    return `${JSON.stringify(rows)} ${names}`.replaceAll(database, '%db%');
  } catch (error) {
    const { errno, message } = error as { errno?: number; message: string };
    return `${String(errno)} ${message}`.replaceAll(database, '%db%');
  }
}

function isOfField(key: string): boolean {
  return key === '' || /^\d+$/.test(key) || key === 'name' || key === 'fields';
}

export function disposable(connection: Connection): AsyncDisposable & { readonly connection: Connection } {
  return { connection, [Symbol.asyncDispose]: () => connection.end().catch(() => undefined) };
}
