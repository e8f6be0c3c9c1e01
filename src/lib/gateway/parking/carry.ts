import {
  asksDiagnostics,
  Command,
  restoreStatements,
  SessionMarks,
  StatementBook,
  takeSnapshot,
  type Capabilities,
  type SessionSnapshot,
} from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import { sessionClosed } from '../refusal.ts';
import { converse } from './conversation.ts';
import type { Pin } from './pin.ts';
import { rewordDiagnostics } from './reword-diagnostics.ts';
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
type Known =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'carried'; readonly snapshot: SessionSnapshot }
  | { readonly kind: 'pinned'; readonly pin: Pin };

export interface Carry {
  /** Its prepared statements. */
  readonly book: StatementBook;
  readonly isFresh: boolean;
  readonly isUnknown: boolean;
  /** Why it cannot be parked, as far as is known. */
  readonly pin: Pin | null;
  /** Sees every byte that the client sends. */
  scan(chunk: Buffer): void;
  /** A command went to the server. */
  noteCommand(): void;
  /** One after which it is another session: reset, another user, an option. */
  noteSessionChange(command: number): void;
  /** Asks the server what the session has. @throws when the connection is of no use any more */
  look(link: BackendLink, capabilities: Capabilities): Promise<void>;
  /**
   * The first command after a look, which made the server forget what the statement before it had left.
   * @returns the command with the answer in it, if it asks for that
   * @throws SESSION_CLOSED when it asks for that in a way that cannot be answered
   */
  reword(payload: Buffer): Buffer;
  /** The connection to the server was given back. */
  moved(): void;
  /** Puts on a new connection what the session had. @throws SQL_FAILED, BACKEND_LOST */
  restore(link: BackendLink, capabilities: Capabilities): Promise<void>;
}

export interface CarryOptions {
  /** Whether the gateway can log in again as the session's user. */
  readonly isRepeatable: boolean;
}

export function createCarry({ isRepeatable }: CarryOptions): Carry {
  const book = new StatementBook();
  const marks = new SessionMarks();
  let known: Known = { kind: 'fresh' };
  /** Holds whatever else is known. */
  let lasting: Pin | null = isRepeatable ? null : { kind: 'login' };

  const pin = (): Pin | null => {
    if (lasting !== null) return lasting;
    if (known.kind === 'pinned') return known.pin;
    const mark = marks.reason;
    if (mark !== null) return { kind: 'state', reason: mark };
    const statement = book.unmovable;
    return statement === null ? null : { kind: 'statement', why: statement };
  };

  return {
    book,
    get isFresh() {
      return known.kind === 'fresh';
    },
    get isUnknown() {
      return known.kind === 'unknown' && pin() === null;
    },
    get pin() {
      return pin();
    },
    scan: (chunk) => marks.scan(chunk),
    noteCommand: () => {
      known = UNKNOWN;
    },
    noteSessionChange: (command) => {
      if (command === Command.SET_OPTION) lasting ??= { kind: 'option' };
      if (command === Command.CHANGE_USER) lasting ??= { kind: 'changedUser' };
      if (command === Command.SET_OPTION) return;
      marks.clear();
      book.clear();
    },
    look: async (link, capabilities) => {
      const outcome = await converse(link, (packets) => takeSnapshot(createSessionQuery(packets, capabilities)));
      known =
        outcome.kind === 'carried' ? outcome : { kind: 'pinned', pin: { kind: 'state', reason: outcome.reason } };
    },
    reword: (payload) => {
      if (!asksForLost(payload, book)) return payload;
      const snapshot = known.kind === 'carried' ? known.snapshot : null;
      const isQuery = payload[0] === Command.QUERY;
      const answer = isQuery && snapshot !== null ? rewordDiagnostics(payload.toString('latin1', 1), snapshot) : null;
      if (answer === null) throw sessionClosed(FORGOTTEN);
      return Buffer.concat([payload.subarray(0, 1), Buffer.from(answer)]);
    },
    moved: () => book.moved(),
    restore: async (link, capabilities) => {
      if (known.kind !== 'carried') return;
      const { snapshot } = known;
      await converse(link, async (packets) => {
        const query = createSessionQuery(packets, capabilities);
        for (const statement of restoreStatements(snapshot)) await query(statement);
      });
    },
  };
}

const UNKNOWN: Known = { kind: 'unknown' };
const FORGOTTEN =
  'the database slept, or was about to, since the last statement: what that left (row counts, warnings) is gone; connect again';

function asksForLost(payload: Buffer, book: StatementBook): boolean {
  switch (payload[0]) {
    case Command.QUERY:
    case Command.STMT_PREPARE:
      return asksDiagnostics(payload.subarray(1));
    case Command.STMT_EXECUTE: {
      const sql = payload.length < 5 ? null : book.sqlOf(payload.readUInt32LE(1));
      return sql !== null && asksDiagnostics(sql);
    }
    default:
      return false;
  }
}
