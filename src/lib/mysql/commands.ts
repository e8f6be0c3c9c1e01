/** First byte of a command packet. https://mariadb.com/kb/en/2-text-protocol/ and 3-binary-protocol-prepared-statements */
export const Command = {
  SLEEP: 0x00,
  QUIT: 0x01,
  INIT_DB: 0x02,
  QUERY: 0x03,
  FIELD_LIST: 0x04,
  CREATE_DB: 0x05,
  DROP_DB: 0x06,
  REFRESH: 0x07,
  SHUTDOWN: 0x08,
  STATISTICS: 0x09,
  PROCESS_INFO: 0x0a,
  PROCESS_KILL: 0x0c,
  DEBUG: 0x0d,
  PING: 0x0e,
  CHANGE_USER: 0x11,
  BINLOG_DUMP: 0x12,
  TABLE_DUMP: 0x13,
  REGISTER_SLAVE: 0x15,
  STMT_PREPARE: 0x16,
  STMT_EXECUTE: 0x17,
  STMT_SEND_LONG_DATA: 0x18,
  STMT_CLOSE: 0x19,
  STMT_RESET: 0x1a,
  SET_OPTION: 0x1b,
  STMT_FETCH: 0x1c,
  RESET_CONNECTION: 0x1f,
  STMT_BULK_EXECUTE: 0xfa,
} as const;

/** What a server answers to a command, as far as its end has to be found. */
export const ResponseKind = {
  /** No answer at all. */
  NONE: 0,
  /** One OK, EOF or ERR. */
  SIMPLE: 1,
  /** OK, ERR, LOCAL INFILE, or a result set; then perhaps more. */
  RESULT: 2,
  /** Prepare-OK with definitions, or ERR. */
  PREPARE: 3,
  /** Rows or definitions without a header, up to EOF or ERR. */
  ROWS: 4,
  /** One packet of any form. */
  ONE_PACKET: 5,
  /** An authentication exchange, up to OK or ERR. */
  AUTHENTICATION: 6,
  /** Events for as long as the session lives. */
  STREAM: 7,
  /** Not known: unless the answer is an error, the session counts as busy from then on. */
  UNKNOWN: 8,
} as const;
export type ResponseKind = (typeof ResponseKind)[keyof typeof ResponseKind];

const KINDS: readonly (readonly [number, ResponseKind])[] = [
  [Command.QUIT, ResponseKind.NONE],
  [Command.STMT_SEND_LONG_DATA, ResponseKind.NONE],
  [Command.STMT_CLOSE, ResponseKind.NONE],
  [Command.SLEEP, ResponseKind.SIMPLE],
  [Command.INIT_DB, ResponseKind.SIMPLE],
  [Command.CREATE_DB, ResponseKind.SIMPLE],
  [Command.DROP_DB, ResponseKind.SIMPLE],
  [Command.REFRESH, ResponseKind.SIMPLE],
  [Command.SHUTDOWN, ResponseKind.SIMPLE],
  [Command.PROCESS_KILL, ResponseKind.SIMPLE],
  [Command.DEBUG, ResponseKind.SIMPLE],
  [Command.PING, ResponseKind.SIMPLE],
  [Command.STMT_RESET, ResponseKind.SIMPLE],
  [Command.SET_OPTION, ResponseKind.SIMPLE],
  [Command.RESET_CONNECTION, ResponseKind.SIMPLE],
  [Command.QUERY, ResponseKind.RESULT],
  [Command.PROCESS_INFO, ResponseKind.RESULT],
  [Command.STMT_EXECUTE, ResponseKind.RESULT],
  [Command.STMT_BULK_EXECUTE, ResponseKind.RESULT],
  [Command.STMT_PREPARE, ResponseKind.PREPARE],
  [Command.STMT_FETCH, ResponseKind.ROWS],
  [Command.FIELD_LIST, ResponseKind.ROWS],
  [Command.STATISTICS, ResponseKind.ONE_PACKET],
  [Command.CHANGE_USER, ResponseKind.AUTHENTICATION],
  [Command.BINLOG_DUMP, ResponseKind.STREAM],
  [Command.TABLE_DUMP, ResponseKind.STREAM],
  // A replica's session: its next command is the dump, and nothing of it can be carried over a sleep.
  [Command.REGISTER_SLAVE, ResponseKind.STREAM],
];

const kindByCommand = new Uint8Array(256).fill(ResponseKind.UNKNOWN);
for (const [command, kind] of KINDS) kindByCommand[command] = kind;

export function responseKindOf(command: number): ResponseKind {
  return kindByCommand[command] as ResponseKind;
}
