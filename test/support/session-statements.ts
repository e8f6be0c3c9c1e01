import type { PinCode } from '../../src/lib/mysql/session-state/index.ts';
import type { SessionConnection } from './session-connection.ts';

/** Statements that change what a session is, and can be carried over a restart, each alone and mixed with others. */
export const CARRIED_STATEMENTS: readonly string[] = [
  'SELECT 1',
  'USE mysql',
  'USE shop',
  'SET NAMES latin1',
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  'SET NAMES binary',
  'SET NAMES swe7',
  'SET NAMES sjis',
  'SET NAMES gbk',
  'SET NAMES big5',
  'SET CHARACTER SET latin2',
  'SET character_set_results = NULL',
  'SET character_set_results = ucs2',
  'SET character_set_results = utf16',
  'SET character_set_results = utf32',
  'SET character_set_connection = ucs2',
  'SET character_set_connection = utf32',
  'SET collation_connection = utf16le_bin',
  'SET collation_connection = utf8mb4_unicode_520_nopad_ci',
  'SET collation_database = latin1_german2_ci',
  "SET sql_mode = ''",
  "SET sql_mode = 'ANSI_QUOTES'",
  "SET sql_mode = 'ANSI'",
  "SET sql_mode = 'ORACLE'",
  "SET sql_mode = 'ORACLE,EMPTY_STRING_IS_NULL'",
  "SET sql_mode = 'MSSQL'",
  "SET sql_mode = 'DB2'",
  "SET sql_mode = 'TRADITIONAL'",
  "SET sql_mode = 'NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE'",
  "SET sql_mode = 'EMPTY_STRING_IS_NULL,SIMULTANEOUS_ASSIGNMENT,TIME_ROUND_FRACTIONAL'",
  "SET sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,NO_UNSIGNED_SUBTRACTION,REAL_AS_FLOAT'",
  'SET autocommit = 0',
  'SET autocommit = 1',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY',
  "SET tx_isolation = 'READ-UNCOMMITTED'",
  'SET SESSION tx_read_only = 1',
  "SET time_zone = '+05:30'",
  "SET time_zone = 'SYSTEM'",
  'SET timestamp = 1000000000',
  'SET timestamp = 1234567890.123456',
  'SET timestamp = DEFAULT',
  'SET rand_seed1 = 5, rand_seed2 = 7',
  'SELECT RAND(3), RAND(), RAND()',
  'SET last_insert_id = 42',
  'SELECT LAST_INSERT_ID(18446744073709551615)',
  'INSERT INTO t (a) VALUES (1), (2)',
  'UPDATE t SET id = LAST_INSERT_ID(id) WHERE a = 1 LIMIT 1',
  'SET insert_id = 900000',
  'SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1',
  'SET sql_select_limit = 0',
  'SET sql_select_limit = 1',
  'SET max_join_size = 1',
  'SET sql_safe_updates = 1, sql_select_limit = 1000, max_join_size = 1000000',
  'SET max_statement_time = 1.5',
  'SET group_concat_max_len = 4',
  'SET wait_timeout = 100, interactive_timeout = 200',
  'SET tmp_table_size = 1024, max_heap_table_size = 16384',
  'SET tmp_memory_table_size = 0',
  'SET big_tables = 1',
  'SET foreign_key_checks = 0, unique_checks = 0',
  "SET session_track_system_variables = '*'",
  "SET session_track_system_variables = ''",
  "SET session_track_transaction_info = 'CHARACTERISTICS', session_track_state_change = 1",
  "SET default_regex_flags = 'DOTALL,MULTILINE'",
  "SET optimizer_switch = 'index_merge=off,mrr=on'",
  "SET enforce_storage_engine = 'InnoDB'",
  "SET default_storage_engine = 'MyISAM', default_tmp_storage_engine = 'Aria'",
  "SET lc_time_names = 'de_DE', lc_messages = 'en_GB'",
  "SET default_master_connection = 'x'",
  'SET innodb_ft_user_stopword_table = NULL',
  'SET sql_log_bin = 0',
  'SET sql_log_off = 1',
  'SET sql_notes = 0, sql_warnings = 1',
  'SET skip_replication = 1',
  'SET GLOBAL max_sort_length = 2048',
  'SET GLOBAL max_sort_length = 1024',
  'SET ROLE seller',
  'SET ROLE NONE',
  'SET ROLE `odd``role`',
  'SET @a = 1',
  'SET @a = -9223372036854775808, @b = 9223372036854775807, @c = 18446744073709551615',
  'SET @a = CAST(5 AS UNSIGNED), @b = TRUE',
  'SET @a = 1.50, @b = -0.00, @c = 99999999999999999999999999999999999999999999999999999999999999999',
  'SET @a = CAST(5 AS DECIMAL(10, 0)), @b = CAST(1 AS DECIMAL(20, 10))',
  'SET @a = 0.1e0, @b = 1e0 / 3, @c = 1.7976931348623157e308, @d = 5e-324, @e = -1e22, @f = PI()',
  "SET @a = '', @b = 'x', @c = REPEAT('y', 5000)",
  'SET @a = NULL',
  'SELECT @a := 5, @b := 1.5, @c := 1e0, @d := CAST(5 AS UNSIGNED)',
  "SET @a = X'00ff27225c', @b = b'101', @c = 0x41",
  "SET @a = _latin1 X'e9', @b = _utf8mb4 X'f09f9880' COLLATE utf8mb4_bin, @c = _ucs2 X'20ac'",
  "SET @a = _utf16 X'd83dde00', @b = _sjis X'955c' COLLATE sjis_bin, @c = _swe7 'a'",
  'SET @a = NOW(), @b = CURDATE(), @c = CAST(1 AS TIME), @d = MAKEDATE(2024, 5)',
  "SET @a = JSON_OBJECT('k', 1), @c = UUID(), @d = INET6_ATON('::1')",
  'SET @`we``ird` = 1, @`with space` = 2, @`q\'uote"` = 3, @`a.b$c` = 4, @`\\\\back` = 5',
  'SELECT @u := 12, @v := @u + 0.5',
  "SELECT 1, 'two' INTO @one, @two",
  'SET @a = (SELECT COUNT(*) FROM t)',
  'BEGIN NOT ATOMIC SET @deep = 1; SET SESSION sort_buffer_size = 100000; END',
  'SET @a = NULL, @b = NULL, @c = NULL',
  'CALL hide()',
  'SELECT nothing_such',
  "SELECT CAST('12x' AS SIGNED), 1 / 0",
  'DO SLEEP(0)',
  'START TRANSACTION',
  'COMMIT',
  'ROLLBACK',
  'XA RECOVER',
  'CREATE OR REPLACE TABLE u (x INT)',
  'DROP TABLE IF EXISTS u, no_such_table',
];

/** What no new connection can be given, and the reason that is to be told. */
export const PINNING_STATEMENTS: readonly (readonly [sql: string, code: PinCode | 'variable' | 'userVariable'])[] = [
  ['BEGIN', 'transaction'],
  ["XA START 'x'", 'transaction'],
  ['CREATE TEMPORARY TABLE tmp (a INT)', 'temporaryTable'],
  ['CREATE TEMPORARY TABLE tmp AS SELECT 1', 'temporaryTable'],
  ['CREATE TEMPORARY SEQUENCE tmps', 'temporaryTable'],
  ['CALL make_temporary()', 'temporaryTable'],
  ['LOCK TABLES t READ', 'tableLock'],
  ['HANDLER t OPEN', 'handler'],
  ["PREPARE s FROM 'SELECT 1'", 'dynamicSql'],
  ["EXECUTE IMMEDIATE 'SET @a = 1'", 'dynamicSql'],
  ["SET system_versioning_asof = '2020-01-02 03:04:05.678901'", 'variable'],
  ['BACKUP STAGE START', 'backup'],
  ['BACKUP LOCK t', 'backup'],
  ['FLUSH TABLES WITH READ LOCK', 'flush'],
  ['FLUSH TABLES t WITH READ LOCK', 'flush'],
  ['FLUSH STATUS', 'unverified'],
  ['CALL flush_status()', 'unverified'],
  ['SET @ö = 1', 'userVariable'],
  ['SET @p = POINT(1, 2)', 'unverified'],
  ["SET @a = REPEAT('x', 300000)", 'userVariables'],
  ['SET profiling = 1', 'variable'],
  ['SET sql_auto_is_null = 1', 'variable'],
  ['SET gtid_seq_no = 5', 'variable'],
];

/** Every session variable, set to each value of its list, the other truth, or a number that it takes. */
export async function variableStatements({ query }: SessionConnection): Promise<readonly string[]> {
  const rows = await query(
    `SELECT LOWER(VARIABLE_NAME), VARIABLE_TYPE, SESSION_VALUE, NUMERIC_MIN_VALUE, NUMERIC_BLOCK_SIZE, ENUM_VALUE_LIST
     FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_SCOPE <> 'GLOBAL' AND READ_ONLY = 'NO' ORDER BY 1`,
  );
  return rows.flatMap((row) => {
    const [name = '', type = '', value = '', minimum = '0', block = '1', list = ''] = row.map((cell) =>
      String(cell ?? ''),
    );
    if (/^(?:wsrep|pseudo|timestamp|insert_id|character_set_client)/.test(name)) return [];
    // Long enough for the questions that follow.
    if (name.includes('timeout')) return [`SET SESSION ${name} = 70`];
    return valuesOf(type, value, minimum, block, list).map((other) => `SET SESSION ${name} = ${other}`);
  });
}

function valuesOf(type: string, value: string, minimum: string, block: string, list: string): readonly string[] {
  switch (type) {
    case 'BOOLEAN':
      return [value === 'ON' ? '0' : '1'];
    case 'ENUM':
    case 'SET':
    case 'FLAGSET': {
      const names = list.split(',').filter((name) => name !== '' && name !== 'default');
      const chosen = names.length > 8 ? [names[0]!, names.at(-1)!] : names;
      return chosen.map((name) => `'${name}${type === 'FLAGSET' ? '=on' : ''}'`);
    }
    case 'VARCHAR':
      return [];
    default: {
      const step = BigInt(block === '' || block === '0' ? 1 : block);
      const least = BigInt(/^-?\d+$/.test(minimum) ? minimum : '0');
      return [String(least), String(least + step * 3n)];
    }
  }
}
