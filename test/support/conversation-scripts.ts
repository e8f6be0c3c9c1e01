import { Capability, Command, ExtendedCapability, type Capabilities } from '../../src/lib/mysql/index.ts';

const BASE =
  Capability.LONG_FLAG |
  Capability.CONNECT_WITH_DB |
  Capability.LOCAL_FILES |
  Capability.PROTOCOL_41 |
  Capability.TRANSACTIONS |
  Capability.SECURE_CONNECTION |
  Capability.MULTI_STATEMENTS |
  Capability.MULTI_RESULTS |
  Capability.PS_MULTI_RESULTS |
  Capability.PLUGIN_AUTH;

/** What clients of several kinds say that they can do. */
export const CLIENTS: Readonly<Record<string, Capabilities>> = {
  'old style': { base: BASE | Capability.MYSQL, extended: 0 },
  'deprecate eof': { base: BASE | Capability.MYSQL | Capability.DEPRECATE_EOF | Capability.SESSION_TRACK, extended: 0 },
  'metadata cache': {
    base: (BASE & ~Capability.MYSQL) | Capability.DEPRECATE_EOF,
    extended:
      ExtendedCapability.CACHE_METADATA |
      ExtendedCapability.EXTENDED_METADATA |
      ExtendedCapability.STMT_BULK |
      ExtendedCapability.PROGRESS,
  },
  'metadata cache with eof': { base: BASE, extended: ExtendedCapability.CACHE_METADATA },
};

/** A command, or a later packet of one. */
export type Step = Buffer | { readonly payload: Buffer; readonly sequence: number };

export const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
/** The first statement of a session has id 1. */
const statement = (command: number, ...rest: readonly number[]): Buffer =>
  Buffer.concat([Buffer.of(command), u32(1), Buffer.from(rest)]);
const prepare = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.STMT_PREPARE), Buffer.from(sql)]);
const execute = statement(Command.STMT_EXECUTE, 0, 1, 0, 0, 0);
const executeWithCursor = statement(Command.STMT_EXECUTE, 1, 1, 0, 0, 0);
/** One parameter, of type long. */
const executeWith = (value: number): Buffer =>
  Buffer.concat([statement(Command.STMT_EXECUTE, 0, 1, 0, 0, 0, 0, 1, 3, 0), u32(value)]);
const fetch = (rows: number): Buffer => Buffer.concat([statement(Command.STMT_FETCH), u32(rows)]);
const bulkInsert = Buffer.concat([
  statement(Command.STMT_BULK_EXECUTE, 128, 0, 3, 0),
  Buffer.of(0),
  u32(101),
  Buffer.of(0),
  u32(102),
]);

/** Commands of every kind, by name. They need the tables of `TABLES`, and leave them as they were. */
export const SCRIPTS: Readonly<Record<string, readonly Step[]>> = {
  'select one row': [query('SELECT 1')],
  'select rows with nulls and empty strings': [query('SELECT a, b FROM t'), query('SELECT NULL'), query("SELECT ''")],
  'select no row': [query('SELECT a FROM t WHERE a > 99')],
  'select 300 columns': [query(`SELECT ${Array.from({ length: 300 }, (_, i) => i).join(',')}`)],
  'select a long value': [query('SELECT REPEAT("x", 3000), 1')],
  write: [query('DO 1'), query('INSERT INTO t VALUES (7, "seven")'), query('DELETE FROM t WHERE a = 7')],
  errors: [query('SELEC'), query('SELECT * FROM missing'), Buffer.of(0x77)],
  'statement with an error after rows': [
    query('SELECT a FROM t UNION ALL SELECT 1 FROM t WHERE (SELECT a FROM t) = 1'),
  ],
  'many statements': [query('SELECT 1; DO 2; SELECT a FROM t'), query('SELECT 1; SELEC'), query('DO 1; DO 2')],
  'procedure with results': [query('CALL p()')],
  transaction: [query('START TRANSACTION'), query('SELECT a FROM t'), query('COMMIT')],
  'transaction without autocommit': [query('SET autocommit = 0'), query('SELECT a FROM t'), query('ROLLBACK')],
  'session state': [
    query('USE mysql'),
    query('SET NAMES utf8mb4'),
    Buffer.concat([Buffer.of(Command.INIT_DB), Buffer.from('shop')]),
  ],
  'prepared select': [
    prepare('SELECT a, b FROM t WHERE a > ?'),
    executeWith(0),
    executeWith(0),
    executeWith(99),
    statement(Command.STMT_RESET),
    statement(Command.STMT_CLOSE),
  ],
  'prepared without parameters': [prepare('SELECT a FROM t'), execute, execute],
  'prepared without columns': [prepare('DO ?'), executeWith(1)],
  'prepared without either': [prepare('DO 1'), execute],
  'prepare of nonsense': [prepare('SELEC')],
  'prepared call': [prepare('CALL p()'), execute],
  cursor: [prepare('SELECT a FROM t'), executeWithCursor, fetch(2), fetch(2), fetch(2)],
  'long data': [
    prepare('SELECT ?'),
    Buffer.concat([statement(Command.STMT_SEND_LONG_DATA, 0, 0), Buffer.from('long')]),
    statement(Command.STMT_EXECUTE, 0, 1, 0, 0, 0, 0, 1, 0xfc, 0),
  ],
  'bulk insert': [prepare('INSERT INTO t VALUES (?, "bulk")'), bulkInsert, query('DELETE FROM t WHERE a > 100')],
  'field list': [
    Buffer.concat([Buffer.of(Command.FIELD_LIST), Buffer.from('t\0')]),
    Buffer.concat([Buffer.of(Command.FIELD_LIST), Buffer.from('missing\0')]),
  ],
  'small commands': [
    Buffer.of(Command.PING),
    Buffer.of(Command.STATISTICS),
    Buffer.of(Command.RESET_CONNECTION),
    Buffer.of(Command.SET_OPTION, 0, 0),
    Buffer.of(Command.SET_OPTION, 1, 0),
    Buffer.of(Command.DEBUG),
    Buffer.of(Command.PROCESS_INFO),
    Buffer.of(Command.PROCESS_KILL, 0xff, 0xff, 0, 0),
  ],
  'local infile': [
    query("LOAD DATA LOCAL INFILE 'x' INTO TABLE u"),
    { payload: Buffer.from('1\tone\n2\ttwo\n'), sequence: 2 },
    { payload: Buffer.alloc(0), sequence: 3 },
    query("LOAD DATA LOCAL INFILE 'x' INTO TABLE u"),
    { payload: Buffer.alloc(0), sequence: 2 },
    query('DELETE FROM u'),
  ],
  'change user': [
    Buffer.concat([
      Buffer.of(Command.CHANGE_USER),
      Buffer.from('plain\0'),
      Buffer.of(0),
      Buffer.from('shop\0'),
      Buffer.of(45, 0),
      Buffer.from('mysql_native_password\0'),
    ]),
    { payload: Buffer.alloc(0), sequence: 2 },
    query('SELECT 1'),
  ],
  'change to a user that does not exist': [
    Buffer.concat([
      Buffer.of(Command.CHANGE_USER),
      Buffer.from('nobody\0'),
      Buffer.of(0),
      Buffer.from('shop\0'),
      Buffer.of(45, 0),
      Buffer.from('mysql_native_password\0'),
    ]),
    { payload: Buffer.alloc(0), sequence: 2 },
  ],
};

export const TABLES: readonly string[] = [
  'CREATE TABLE shop.t (a INT, b VARCHAR(20))',
  "INSERT INTO shop.t VALUES (1, 'one'), (2, ''), (3, NULL)",
  'CREATE TABLE shop.u (a INT, b VARCHAR(20))',
  'CREATE PROCEDURE shop.p() BEGIN SELECT 1; SELECT a FROM shop.t; END',
  "CREATE USER plain@'%'",
  "GRANT ALL ON shop.* TO plain@'%'",
];
