import {
  Command,
  Mark,
  restoreStatements,
  StatementBook,
  StreamMarks,
  takeSnapshot,
  updateSnapshot,
  type Capabilities,
  type Glance,
  type PinCode,
  type SessionSnapshot,
} from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import { sessionClosed } from '../refusal.ts';
import { converse } from './conversation.ts';
import { FORGOTTEN, Forgotten } from './forgotten.ts';
import type { Pin } from './pin.ts';
import { rewordConnectionId } from './reword-connection-id.ts';
import { createSessionQuery } from './sql-on-link.ts';

/**
 * What is known of a session, in case its server goes. Each command makes it unknown again.
 *
 * | known     | means                                                   | when the server goes |
 * | --------- | ------------------------------------------------------- | -------------------- |
 * | `fresh`   | nothing was asked of the server since the login         | it logs in again     |
 * | `unknown` | nobody has looked since the last command                | has to be looked at  |
 * | `carried` | a snapshot has all of it                                | is restored from it  |
 * | `pinned`  | it has what would be lost                               | cannot be parked     |
 */
type Known = Sound | { readonly kind: 'unknown' } | { readonly kind: 'pinned'; readonly pin: Pin };

/** What another connection can be made into. */
type Sound =
  | { readonly kind: 'fresh'; readonly lastInsertId: string }
  | { readonly kind: 'carried'; readonly snapshot: SessionSnapshot };

export interface CarryOptions {
  /** Whether the gateway can log in again as the session's user. */
  readonly isRepeatable: boolean;
  /** The id that the client was given. */
  readonly connectionId: number;
}

/** One session's state, in case it has to be carried over to another connection to the server. */
export class Carry {
  /** Its prepared statements. */
  readonly book = new StatementBook();

  private readonly connectionId: number;
  private readonly marks = new StreamMarks();
  private known: Known = FRESH;
  /** What it was known to be before commands that were all plain, see `isPlainStatement`; null after any other. */
  private before: Sound | null = null;
  /** Holds whatever else is known. */
  private lasting: Pin | null;
  /** Bytes that were sent to the server before its session began anew. */
  private bytesBefore = 0;
  private readonly forgotten = new Forgotten();
  /** Whether `reword` saw the command that is on its way. */
  private wasSeen = false;
  private wasMoved = false;

  constructor({ isRepeatable, connectionId }: CarryOptions) {
    this.lasting = isRepeatable ? null : { kind: 'login' };
    this.connectionId = connectionId;
  }

  get isFresh(): boolean {
    return this.known.kind === 'fresh';
  }

  get isUnknown(): boolean {
    return this.known.kind === 'unknown' && this.pin === null;
  }

  /** Whether a glance is enough to know it, as far as no routine is at work. */
  get isPlain(): boolean {
    return this.before !== null;
  }

  /** Whether it has its role and database from its login. */
  get isDefault(): boolean {
    return this.known.kind === 'fresh' || this.before?.kind === 'fresh';
  }

  /** Whether its connection cannot be made another session's. */
  get isLasting(): boolean {
    return this.lasting !== null;
  }

  /** Why it cannot be parked, as far as is known. */
  get pin(): Pin | null {
    if (this.lasting !== null) return this.lasting;
    if (this.known.kind === 'pinned') return this.known.pin;
    for (const [mark, code] of MARKS) if (this.marks.has(mark)) return { kind: 'state', reason: { code } };
    const statement = this.book.unmovable;
    return statement === null ? null : { kind: 'statement', why: statement };
  }

  /**
   * Sees every byte that the client sends, before it goes on.
   * @returns whether the next command has to be shown to `reword`
   * @throws SESSION_CLOSED
   */
  scan(chunk: Buffer, isContinuation: boolean): boolean {
    const { marks } = this;
    marks.scan(chunk, isContinuation);
    if (marks.marks === 0) return this.forgotten.isAny;
    if (this.wasMoved && marks.has(Mark.LAST_VALUE)) throw sessionClosed(FORGOTTEN);
    return this.forgotten.isAny || marks.has(Mark.CONNECTION_ID);
  }

  /** A command went to the server. @param isPlain see `isPlainStatement` */
  noteCommand(isPlain = false): void {
    this.before = isPlain ? soundBefore(this.known, this.before) : null;
    this.known = UNKNOWN;
    // One that was too long to be seen: what statements before it left is not asked of it, and is its own from then on.
    if (!this.wasSeen && this.forgotten.isAny) this.forgotten.clear();
    this.wasSeen = false;
  }

  /** What it was asked to do was refused, or warned of: more than a glance reads is left of that. */
  noteConditions(): void {
    this.before = null;
  }

  noteTransactionEnd(): void {
    this.marks.clear(Mark.NEXT_TRANSACTION);
  }

  /** One was sent after which it is another session: reset, another user, an option. */
  noteSessionChange(command: number, sentBytes: number): void {
    if (command === Command.SET_OPTION) {
      this.lasting ??= { kind: 'option' };
      return;
    }
    if (command === Command.CHANGE_USER) this.lasting ??= { kind: 'changedUser' };
    this.bytesBefore = sentBytes;
    this.marks.marks = 0;
    this.book.clear();
  }

  /** What may be hidden in this server by a routine is as good as there. */
  notePossiblyHidden(): void {
    if (this.isUnknown) this.known = { kind: 'pinned', pin: { kind: 'state', reason: { code: 'hidden' } } };
  }

  /** Asks the server what the session has. @throws when the connection is of no use any more */
  async look(link: BackendLink, capabilities: Capabilities, sentBytes: number): Promise<void> {
    const outcome = await converse(link, (packets) =>
      takeSnapshot(createSessionQuery(packets, capabilities), sentBytes - this.bytesBefore),
    );
    this.before = null;
    const isCarried = outcome.kind === 'carried';
    this.known = isCarried ? outcome : { kind: 'pinned', pin: { kind: 'state', reason: outcome.reason } };
    this.forgotten.looked(isCarried ? outcome.snapshot : outcome.left);
  }

  /** In place of a look, after plain statements only. */
  glanced(glance: Glance): void {
    const { before } = this;
    if (before === null) return;
    this.before = null;
    const { rowCount, foundRows, lastInsertId } = glance;
    this.known =
      before.kind === 'fresh'
        ? { kind: 'fresh', lastInsertId }
        : { kind: 'carried', snapshot: updateSnapshot(before.snapshot, glance) };
    const diagnostics = { warningCount: '0', errorCount: '0', rowCount, foundRows, warnings: [] };
    this.forgotten.looked({ diagnostics, charsets: NO_CHARSETS });
  }

  /**
   * A command that may ask for what the server cannot tell: what the statement before a look had left, or the id of
   * the connection.
   * @returns the command, with the answer in it if it asks for that
   * @throws SESSION_CLOSED when it asks for that in a way that cannot be answered
   */
  reword(payload: Buffer): Buffer {
    this.wasSeen = true;
    const withId = payload[0] === Command.QUERY ? rewordConnectionId(payload, this.connectionId) : null;
    if (withId !== null) {
      this.marks.clear(Mark.CONNECTION_ID);
      return withId;
    }
    if (payload[0] === Command.STMT_CLOSE) return payload;
    const replay = this.forgotten.replay(sqlOf(payload, this.book), payload[0] === Command.QUERY);
    return replay === null ? payload : Buffer.concat([payload.subarray(0, 1), Buffer.from(replay)]);
  }

  /** It is on a connection whose count of bytes began anew when so many were sent. */
  beganAt(sentBytes: number): void {
    this.bytesBefore = sentBytes;
  }

  /** What it has is not known from the beginning: its login sets what no reset sets again. */
  noteOddLogin(): void {
    this.known = UNKNOWN;
  }

  /** The connection to the server was given back. */
  moved(): void {
    this.book.moved();
    this.bytesBefore = 0;
    this.wasMoved = true;
  }

  /** Puts on a new connection what the session had. @throws SQL_FAILED, BACKEND_LOST */
  async restore(link: BackendLink, capabilities: Capabilities): Promise<void> {
    const { statements } = this.carried;
    if (statements.length === 0) return;
    await converse(link, async (packets) => {
      const query = createSessionQuery(packets, capabilities);
      for (const statement of statements) await query(statement);
    });
  }

  /** What makes another connection into the session; nothing unless that is known. */
  get carried(): Carried {
    const { known } = this;
    if (known.kind === 'carried') {
      const { snapshot } = known;
      return { statements: restoreStatements(snapshot), hasDatabase: snapshot.database !== null };
    }
    const isUntouched = known.kind !== 'fresh' || known.lastInsertId === '0';
    return { statements: isUntouched ? [] : [`SET last_insert_id = ${known.lastInsertId}`], hasDatabase: null };
  }
}

export interface Carried {
  readonly statements: readonly string[];
  /** Null: that of its login. */
  readonly hasDatabase: boolean | null;
}

const FRESH: Sound = { kind: 'fresh', lastInsertId: '0' };
/** There are no warnings, whose texts they would be for. */
const NO_CHARSETS = { client: '', results: null, connectionCollation: '', databaseCollation: '' };

function soundBefore(known: Known, before: Sound | null): Sound | null {
  if (known.kind === 'unknown') return before;
  // An insert uses up what was set for it.
  if (known.kind === 'carried') return known.snapshot.insertId === '0' ? known : null;
  return known.kind === 'fresh' ? known : null;
}

const UNKNOWN: Known = { kind: 'unknown' };
const MARKS: readonly (readonly [number, PinCode])[] = [
  [Mark.NAMED_LOCK, 'namedLock'],
  [Mark.NEXT_TRANSACTION, 'nextTransaction'],
  [Mark.LAST_VALUE, 'lastValue'],
  [Mark.CONNECTION_ID, 'connectionId'],
];

/** Empty for a command without a statement. */
function sqlOf(payload: Buffer, book: StatementBook): string {
  switch (payload[0]) {
    case Command.QUERY:
    case Command.STMT_PREPARE:
      return payload.toString('latin1', 1);
    case Command.STMT_EXECUTE:
      return payload.length < 5 ? '' : (book.sqlOf(payload.readUInt32LE(1))?.toString('latin1') ?? '');
    default:
      return '';
  }
}
