import { Command } from './commands.ts';
import { HEADER_LENGTH } from './frames.ts';

/** A statement that a client has prepared and not closed. */
export interface PreparedStatement {
  /** The id that the client was given; it stays as long as the statement. */
  readonly id: number;
  /** Null when it was too long to be kept. */
  readonly sql: Buffer | null;
  readonly parameters: number;
  readonly columns: number;
  /** Its id at the server that the session is on; null where it has not been prepared yet. */
  serverId: number | null;
  /** Types of its parameters as last sent, two bytes each; null before that. */
  types: Buffer | null;
  /** Whether that server was told the types: an execute may leave them out from then on. */
  areTypesKnown: boolean;
  hasCursor: boolean;
  /** Data was sent for its next execute. */
  hasLongData: boolean;
}

/** What a command about a prepared statement needs before it can go on. */
export const StatementNeed = {
  NOTHING: 0,
  /** More of its first bytes. */
  BYTES: 1,
  /** The statement is not prepared at this server. */
  PREPARE: 2,
  /** The server has to be told the types that the client leaves out. */
  TYPES: 3,
} as const;
export type StatementNeed = (typeof StatementNeed)[keyof typeof StatementNeed];

/** All statements of a session together; beyond that the later ones are not kept. */
const MAX_SQL_LENGTH = 1024 * 1024;
const ID_AT = HEADER_LENGTH + 1;
const FLAGS_AT = ID_AT + 4;
/** Behind id, flags and iteration count. */
const NULLS_AT = FLAGS_AT + 5;
/** No statement has it, and a close of what does not exist is not answered. */
const NO_STATEMENT = 0x7fff_ffff;

/**
 * The prepared statements of one session, so that they can be prepared again on another connection. The client's ids
 * stay; where the server's differ, commands are changed in place.
 * https://mariadb.com/kb/en/3-binary-protocol-prepared-statements/
 */
export class StatementBook {
  /** Whether ids of the server may be others than the client's. */
  isMapped = false;
  /** The statement that the last need was about. */
  needed: PreparedStatement | null = null;

  private readonly statements = new Map<number, PreparedStatement>();
  /** Statements under way to the server, oldest first. */
  private readonly asked: (Buffer | null)[] = [];
  private sqlLength = 0;
  private lastId = 0;
  private last: PreparedStatement | null = null;

  get size(): number {
    return this.statements.size;
  }

  /** @param sql null when it is too long to be looked at */
  prepareSent(sql: Buffer | null): void {
    const isKept = sql !== null && this.sqlLength + sql.length <= MAX_SQL_LENGTH;
    this.asked.push(isKept ? Buffer.from(sql) : null);
  }

  prepareFailed(): void {
    this.asked.shift();
  }

  /** @returns the id that the client is given */
  prepared(serverId: number, columns: number, parameters: number): number {
    const sql = this.asked.shift() ?? null;
    const id = this.isMapped ? this.lastId + 1 : serverId;
    this.lastId = Math.max(this.lastId, id);
    this.sqlLength += sql?.length ?? 0;
    this.statements.set(id, {
      id,
      sql,
      parameters,
      columns,
      serverId,
      types: null,
      areTypesKnown: false,
      hasCursor: false,
      hasLongData: false,
    });
    return id;
  }

  /** The session is on another connection, which knows none of them. */
  moved(): void {
    this.isMapped = this.statements.size > 0;
    this.lastId = this.isMapped ? this.lastId : 0;
    for (const statement of this.statements.values()) {
      statement.serverId = null;
      statement.areTypesKnown = false;
    }
  }

  /** As COM_RESET_CONNECTION and COM_CHANGE_USER do it. */
  clear(): void {
    this.statements.clear();
    this.last = null;
    this.sqlLength = 0;
  }

  /** A statement that would be lost, or not be the same, on another connection. */
  get unmovable(): 'cursor' | 'longData' | 'long' | null {
    for (const { sql, hasCursor, hasLongData } of this.statements.values()) {
      if (hasCursor) return 'cursor';
      if (hasLongData) return 'longData';
      if (sql === null) return 'long';
    }
    return null;
  }

  /** The text of a statement, by the client's id. */
  sqlOf(id: number): Buffer | null {
    return this.statements.get(id)?.sql ?? null;
  }

  /**
   * A command about a statement is on its way: the packet at `chunk[at..]`, of which `available` bytes are there. Puts the
   * server's id in the place of the client's, when nothing is needed before that.
   */
  pass(command: number, chunk: Uint8Array, at: number, available: number): StatementNeed {
    const id = readId(chunk, at);
    const statement = this.find(id);
    if (statement === null) return StatementNeed.NOTHING;
    if (command === Command.STMT_CLOSE) return this.close(statement, chunk, at);
    if (statement.serverId === null) return this.need(StatementNeed.PREPARE, statement);
    const need = runsWithTypes(command) ? this.run(command, statement, chunk, at, available) : StatementNeed.NOTHING;
    if (need !== StatementNeed.NOTHING) return need;
    noteLife(statement, command);
    if (statement.serverId !== id) writeId(chunk, at, statement.serverId);
    return StatementNeed.NOTHING;
  }

  private find(id: number): PreparedStatement | null {
    if (this.last?.id !== id) this.last = this.statements.get(id) ?? null;
    return this.last;
  }

  private need(need: StatementNeed, statement: PreparedStatement): StatementNeed {
    this.needed = statement;
    return need;
  }

  private close(statement: PreparedStatement, chunk: Uint8Array, at: number): StatementNeed {
    this.statements.delete(statement.id);
    this.last = null;
    this.sqlLength -= statement.sql?.length ?? 0;
    if (statement.serverId !== statement.id) writeId(chunk, at, statement.serverId ?? NO_STATEMENT);
    return StatementNeed.NOTHING;
  }

  private run(
    command: number,
    statement: PreparedStatement,
    chunk: Uint8Array,
    at: number,
    available: number,
  ): StatementNeed {
    const { parameters } = statement;
    const { flagAt, bit, typesAt } = typesPlace(command, statement);
    const typesEnd = typesAt + 2 * parameters;
    if (available < (parameters === 0 ? FLAGS_AT + 1 : typesAt)) return StatementNeed.BYTES;
    if (parameters > 0 && (chunk[at + flagAt]! & bit) !== 0) {
      if (available < typesEnd) return StatementNeed.BYTES;
      keepTypes(statement, chunk.subarray(at + typesAt, at + typesEnd));
    } else if (parameters > 0 && !statement.areTypesKnown && statement.types !== null) {
      return this.need(StatementNeed.TYPES, statement);
    }
    statement.hasCursor = command === Command.STMT_EXECUTE && chunk[at + FLAGS_AT] !== 0;
    return StatementNeed.NOTHING;
  }
}

/**
 * The beginning of an execute's packet, as the server that the session is on needs it: with the types, and its own id. It
 * stands in the place of the first `headLength` bytes. The frame has to have room for the types.
 */
export function insertTypes(
  packet: Buffer,
  statement: PreparedStatement,
): { readonly typed: Buffer; readonly headLength: number } {
  const { flagAt, bit, typesAt } = typesPlace(packet.readUInt8(HEADER_LENGTH), statement);
  const types = statement.types ?? Buffer.alloc(0);
  const typed = Buffer.concat([packet.subarray(0, typesAt), types]);
  typed.writeUIntLE(packet.readUIntLE(0, 3) + types.length, 0, 3);
  typed.writeUInt8(packet.readUInt8(flagAt) | bit, flagAt);
  writeId(typed, 0, statement.serverId ?? statement.id);
  return { typed, headLength: typesAt };
}

function runsWithTypes(command: number): boolean {
  return command === Command.STMT_EXECUTE || command === Command.STMT_BULK_EXECUTE;
}

interface TypesPlace {
  /** The byte of the packet, and the bit in it, that say whether the types are there. */
  readonly flagAt: number;
  readonly bit: number;
  /** Where they begin. */
  readonly typesAt: number;
}

/** https://mariadb.com/kb/en/com_stmt_execute/ and com_stmt_bulk_execute */
function typesPlace(command: number, { parameters }: PreparedStatement): TypesPlace {
  if (command === Command.STMT_BULK_EXECUTE) return { flagAt: FLAGS_AT, bit: 0x80, typesAt: FLAGS_AT + 2 };
  const flagAt = NULLS_AT + ((parameters + 7) >> 3);
  return { flagAt, bit: 1, typesAt: flagAt + 1 };
}

function keepTypes(statement: PreparedStatement, types: Uint8Array): void {
  statement.areTypesKnown = true;
  if (statement.types === null || Buffer.compare(statement.types, types) !== 0) statement.types = Buffer.from(types);
}

function noteLife(statement: PreparedStatement, command: number): void {
  switch (command) {
    case Command.STMT_SEND_LONG_DATA:
      statement.hasLongData = true;
      break;
    case Command.STMT_EXECUTE:
    case Command.STMT_BULK_EXECUTE:
      statement.hasLongData = false;
      break;
    case Command.STMT_RESET:
      statement.hasLongData = false;
      statement.hasCursor = false;
      break;
  }
}

function readId(chunk: Uint8Array, at: number): number {
  const from = at + ID_AT;
  return (chunk[from]! | (chunk[from + 1]! << 8) | (chunk[from + 2]! << 16) | (chunk[from + 3]! << 24)) >>> 0;
}

function writeId(chunk: Uint8Array, at: number, id: number): void {
  const from = at + ID_AT;
  chunk[from] = id & 0xff;
  chunk[from + 1] = (id >>> 8) & 0xff;
  chunk[from + 2] = (id >>> 16) & 0xff;
  chunk[from + 3] = id >>> 24;
}
