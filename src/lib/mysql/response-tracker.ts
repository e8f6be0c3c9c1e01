import { Capability, ExtendedCapability, has, hasExtended, type Capabilities } from './capabilities.ts';
import { ResponseKind } from './commands.ts';
import { PendingCommands } from './pending-commands.ts';
import { EOF_HEADER, EOF_LENGTH_LIMIT } from './packets/eof.ts';
import { ERR_HEADER, PROGRESS_ERRNO } from './packets/err.ts';
import { OK_HEADER } from './packets/ok.ts';
import { MAX_FRAME_LENGTH } from './frames.ts';
import { ServerStatus } from './server-status.ts';
import type { StatementBook } from './statement-book.ts';

/** Where in an answer the server is. */
const Phase = {
  HEADER: 0,
  COLUMNS: 1,
  COLUMNS_END: 2,
  ROWS: 3,
  PARAMETERS: 4,
  PARAMETERS_END: 5,
} as const;

const LOCAL_INFILE_HEADER = 0xfb;
/** OK header, two length-encoded integers of nine bytes, status, warnings: what has to be seen of a packet. */
export const PREFIX_LENGTH = 23;

/**
 * Follows the commands and answers of one session, so that it is always known whether a command is in flight and
 * whether a transaction is open. It sees each packet's length and first bytes only. Whatever it does not
 * understand makes it `isLost`: the session counts as busy from then on, forwarding goes on untouched.
 * https://mariadb.com/kb/en/clientserver-protocol/
 */
export class ResponseTracker {
  /** Status flags of the last OK or EOF. */
  status: number;
  /** Something was not understood; never unset. */
  isLost = false;
  /** The server asked for a file: what the client sends is data, up to an empty packet. */
  isReadingFile = false;
  /** A packet of the answer that is under way has come. */
  isAnswering = false;
  /** An error or warnings came; unset by whoever takes notice. */
  hasConditions = false;

  private readonly pending = new PendingCommands();
  private readonly book: StatementBook;
  private readonly hasEofs: boolean;
  private readonly hasMetadataFlag: boolean;
  private phase: number = Phase.HEADER;
  private definitions = 0;
  private columnsAfterParameters = 0;
  private isPreparing = false;

  constructor(capabilities: Capabilities, status: number, book: StatementBook) {
    this.book = book;
    this.hasEofs = !has(capabilities, Capability.DEPRECATE_EOF);
    this.hasMetadataFlag = hasExtended(capabilities, ExtendedCapability.CACHE_METADATA);
    this.status = status;
  }

  get isBusy(): boolean {
    return this.isLost || this.pending.length > 0;
  }

  get isInTransaction(): boolean {
    return (this.status & ServerStatus.IN_TRANSACTION) !== 0;
  }

  get pendingCount(): number {
    return this.pending.length;
  }

  /** Rows are the only packets that are many: the scanner skips them by itself. */
  get isInRows(): boolean {
    return this.phase === Phase.ROWS;
  }

  /** Whether the client is inside COM_CHANGE_USER, whose packets with a sequence number are no commands. */
  get isAuthenticating(): boolean {
    return this.pending.length > 0 && this.pending.first() === ResponseKind.AUTHENTICATION;
  }

  commandSent(kind: ResponseKind): void {
    if (kind === ResponseKind.NONE) return;
    this.pending.push(kind);
    if (this.pending.length === 1) this.beginAnswer();
  }

  /** The client sent the empty packet that ends a file. */
  fileEnded(): void {
    this.isReadingFile = false;
  }

  /** A packet of the server: its length (that of its first frame) and `buffer[at..]`, min(length, PREFIX_LENGTH) bytes of it. */
  packetReceived(buffer: Uint8Array, at: number, length: number): void {
    if (this.isLost) return;
    if (this.pending.length === 0) {
      // Unasked for: only the error that precedes the end of a connection is known.
      if (length === 0 || buffer[at] !== ERR_HEADER) this.isLost = true;
      return;
    }
    this.isAnswering = true;
    if (length === 0) {
      // Even a row of one empty column is a byte long: only a one-packet answer may be empty.
      if (this.pending.first() === ResponseKind.ONE_PACKET) this.finish();
      else this.isLost = true;
      return;
    }
    const first = buffer[at]!;
    // Nothing else begins with 0xff: neither a length, as rows and definitions do, nor a header.
    if (first === ERR_HEADER) this.errorReceived(buffer, at, length);
    else if (this.phase === Phase.HEADER) this.headerReceived(first, buffer, at, length);
    else this.bodyReceived(first, buffer, at, length);
  }

  private errorReceived(buffer: Uint8Array, at: number, length: number): void {
    const errno = length >= 3 ? buffer[at + 1]! | (buffer[at + 2]! << 8) : 0;
    if (errno === PROGRESS_ERRNO) return;
    this.hasConditions = true;
    if (this.isReadingFile) this.isLost = true;
    if (this.pending.first() === ResponseKind.PREPARE) this.book.prepareFailed();
    this.finish();
  }

  private headerReceived(first: number, buffer: Uint8Array, at: number, length: number): void {
    switch (this.pending.first()) {
      case ResponseKind.SIMPLE:
        if (first === OK_HEADER) this.okReceived(buffer, at, length);
        else if (first === EOF_HEADER) this.endReceived(buffer, at, length);
        else this.isLost = true;
        return;
      case ResponseKind.RESULT:
        this.resultReceived(first, buffer, at, length);
        return;
      case ResponseKind.PREPARE:
        this.prepareReceived(first, buffer, at, length);
        return;
      case ResponseKind.ONE_PACKET:
        this.finish();
        return;
      case ResponseKind.AUTHENTICATION:
        if (first === OK_HEADER) this.okReceived(buffer, at, length);
        return;
      case ResponseKind.UNKNOWN:
        // An error would have been the end of it.
        this.isLost = true;
        return;
      default:
        // A stream: never answered.
        return;
    }
  }

  private resultReceived(first: number, buffer: Uint8Array, at: number, length: number): void {
    if (this.isReadingFile) {
      // Answered before the file ended: the rest of it cannot be told from commands.
      this.isLost = true;
    } else if (first === OK_HEADER) {
      this.okReceived(buffer, at, length);
    } else if (first === LOCAL_INFILE_HEADER) {
      // Commands sent ahead cannot be told from the file.
      if (this.pending.length > 1) this.isLost = true;
      this.isReadingFile = true;
    } else if (first === EOF_HEADER) {
      this.isLost = true;
    } else {
      this.beginColumns(buffer, at, length);
    }
  }

  private beginColumns(buffer: Uint8Array, at: number, length: number): void {
    const first = buffer[at]!;
    const countLength = first < 0xfb ? 1 : first === 0xfc ? 3 : 4;
    if (length < countLength + (this.hasMetadataFlag ? 1 : 0)) {
      this.isLost = true;
      return;
    }
    this.definitions =
      first < 0xfb ? first : buffer[at + 1]! | (buffer[at + 2]! << 8) | (countLength === 4 ? buffer[at + 3]! << 16 : 0);
    // The client said that it remembers the columns of this statement.
    if (this.hasMetadataFlag && buffer[at + countLength] === 0) this.definitions = 0;
    this.isPreparing = false;
    this.afterDefinitions(Phase.COLUMNS, Phase.COLUMNS_END);
  }

  private prepareReceived(first: number, buffer: Uint8Array, at: number, length: number): void {
    if (first !== OK_HEADER || length < 9) {
      this.isLost = true;
      return;
    }
    this.isPreparing = true;
    this.columnsAfterParameters = buffer[at + 5]! | (buffer[at + 6]! << 8);
    this.definitions = buffer[at + 7]! | (buffer[at + 8]! << 8);
    this.statementPrepared(buffer, at);
    if (this.definitions > 0) this.phase = Phase.PARAMETERS;
    else this.beginPreparedColumns();
  }

  /** The client's id of it takes the place of the server's. */
  private statementPrepared(buffer: Uint8Array, at: number): void {
    const view = Buffer.from(buffer.buffer, buffer.byteOffset + at, 9);
    const serverId = view.readUInt32LE(1);
    const id = this.book.prepared(serverId, this.columnsAfterParameters, this.definitions);
    if (id !== serverId) view.writeUInt32LE(id, 1);
  }

  private beginPreparedColumns(): void {
    this.definitions = this.columnsAfterParameters;
    if (this.definitions > 0) this.phase = Phase.COLUMNS;
    else this.finish();
  }

  private bodyReceived(first: number, buffer: Uint8Array, at: number, length: number): void {
    switch (this.phase) {
      case Phase.COLUMNS:
        this.definitions -= 1;
        this.afterDefinitions(Phase.COLUMNS, Phase.COLUMNS_END);
        return;
      case Phase.PARAMETERS:
        this.definitions -= 1;
        this.afterDefinitions(Phase.PARAMETERS, Phase.PARAMETERS_END);
        return;
      case Phase.COLUMNS_END:
      case Phase.PARAMETERS_END:
        if (first === EOF_HEADER && length >= 5 && length < EOF_LENGTH_LIMIT) this.definitionsEnded(buffer, at);
        else this.isLost = true;
        return;
      default:
        if (first === EOF_HEADER && length < (this.hasEofs ? EOF_LENGTH_LIMIT : MAX_FRAME_LENGTH))
          this.endReceived(buffer, at, length);
    }
  }

  private afterDefinitions(phase: number, endPhase: number): void {
    if (this.definitions > 0) this.phase = phase;
    else if (this.hasEofs) this.phase = endPhase;
    else this.nextPart(phase === Phase.PARAMETERS);
  }

  private definitionsEnded(buffer: Uint8Array, at: number): void {
    const status = buffer[at + 3]! | (buffer[at + 4]! << 8);
    this.status = status;
    if (this.phase === Phase.COLUMNS_END && !this.isPreparing && (status & ServerStatus.CURSOR_EXISTS) !== 0)
      this.resultEnded();
    else this.nextPart(this.phase === Phase.PARAMETERS_END);
  }

  private nextPart(wereParameters: boolean): void {
    if (wereParameters) this.beginPreparedColumns();
    else if (this.isPreparing) this.finish();
    else this.phase = Phase.ROWS;
  }

  /** EOF, or under DEPRECATE_EOF an OK with its header. */
  private endReceived(buffer: Uint8Array, at: number, length: number): void {
    if (length >= EOF_LENGTH_LIMIT || !this.hasEofs) {
      this.okReceived(buffer, at, length);
    } else if (length < 5) {
      this.isLost = true;
    } else {
      if (buffer[at + 1] !== 0 || buffer[at + 2] !== 0) this.hasConditions = true;
      this.status = buffer[at + 3]! | (buffer[at + 4]! << 8);
      this.resultEnded();
    }
  }

  private okReceived(buffer: Uint8Array, at: number, length: number): void {
    const insertId = 1 + lengthOfInteger(buffer[at + 1]!);
    const status = length > insertId ? insertId + lengthOfInteger(buffer[at + insertId]!) : length;
    if (length < status + 2) {
      this.isLost = true;
      return;
    }
    this.status = buffer[at + status]! | (buffer[at + status + 1]! << 8);
    if (length < status + 4 || buffer[at + status + 2] !== 0 || buffer[at + status + 3] !== 0)
      this.hasConditions = true;
    this.resultEnded();
  }

  private resultEnded(): void {
    if ((this.status & ServerStatus.MORE_RESULTS) !== 0) this.phase = Phase.HEADER;
    else this.finish();
  }

  private finish(): void {
    this.pending.shift();
    this.isReadingFile = false;
    this.beginAnswer();
  }

  private beginAnswer(): void {
    this.isAnswering = false;
    const isRows = this.pending.length > 0 && this.pending.first() === ResponseKind.ROWS;
    this.phase = isRows ? Phase.ROWS : Phase.HEADER;
  }
}

function lengthOfInteger(first: number): number {
  if (first < 0xfb) return 1;
  return first === 0xfc ? 3 : first === 0xfd ? 4 : 9;
}
