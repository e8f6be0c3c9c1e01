import { Command, responseKindOf } from './commands.ts';
import { HEADER_LENGTH, MAX_FRAME_LENGTH } from './frames.ts';
import { mayBeginKill, MAX_KILL_LENGTH } from './kill-statement.ts';
import type { ResponseTracker } from './response-tracker.ts';
import { StatementNeed, type StatementBook } from './statement-book.ts';

/** Why a scan stopped. */
export const Stop = {
  /** Every byte was seen. */
  END: 0,
  /** The chunk ends before a packet's first bytes do: they are to be shown again with what follows. */
  CUT: 1,
  /** At the packet of a command that somebody has to look at before it goes on. */
  INSPECT: 2,
  /** At the packet of a command about a statement that is not prepared at this server: `book.needed`. */
  PREPARE: 3,
  /** At the packet of an execute without the types that this server has not been told: `book.needed`. */
  TYPES: 4,
} as const;
export type Stop = (typeof Stop)[keyof typeof Stop];

/**
 * Finds the commands in what a client sends, chunk by chunk, and tells the tracker of each. Copies nothing. Stops
 * before the first byte of a command that has to be inspected, such as KILL, whose id may have to be translated.
 */
export class CommandScanner {
  /** Where the last scan stopped: the bytes before it may be forwarded. */
  stoppedAt = 0;
  /** Sequence number of the last frame passed. */
  sequence = 0;
  /** Commands other than COM_PING so far. */
  commands = 0;
  /** COM_PING so far, which are no activity. */
  pings = 0;
  /** Stops before the next command as well, whatever it is; a COM_PING is none. */
  stopsAtNext = false;
  /** Does not stop before the next COM_STMT_PREPARE: it is too long for its text to be kept. */
  skipsPrepare = false;

  private readonly tracker: ResponseTracker;
  private readonly book: StatementBook;
  private toSkip = 0;
  private isContinuation = false;

  constructor(tracker: ResponseTracker, book: StatementBook) {
    this.tracker = tracker;
    this.book = book;
  }

  /** Whether the last byte passed was the last of a packet. */
  get isAtBoundary(): boolean {
    return this.toSkip === 0 && !this.isContinuation;
  }

  scan(chunk: Uint8Array, from: number): Stop {
    const end = chunk.length;
    let at = from;
    if (this.toSkip > 0) {
      const skipped = Math.min(this.toSkip, end - at);
      this.toSkip -= skipped;
      at += skipped;
    }
    while (at < end) {
      const available = end - at;
      if (available < HEADER_LENGTH) return this.stop(at, Stop.CUT);
      const length = chunk[at]! | (chunk[at + 1]! << 8) | (chunk[at + 2]! << 16);
      if (this.isCommandAt(chunk[at + 3]!)) {
        if (available < HEADER_LENGTH + Math.min(length, 2)) return this.stop(at, Stop.CUT);
        if (length > 0 && (mustBeInspected(chunk[at + HEADER_LENGTH]!, chunk, at, length) || this.isNext(chunk, at))) {
          if (!this.skipsPrepare) return this.stop(at, Stop.INSPECT);
          this.skipsPrepare = false;
          this.book.prepareSent(null);
        }
        if (length >= STATEMENT_ID_END && isAboutStatement[chunk[at + HEADER_LENGTH]!] === 1) {
          const stop = this.statementCommand(chunk, at, available);
          if (stop !== Stop.END) return this.stop(at, stop);
        }
        this.commandPassed(length === 0 ? Command.SLEEP : chunk[at + HEADER_LENGTH]!);
      }
      this.framePassed(length, chunk[at + 3]!);
      at += HEADER_LENGTH + length;
      if (at > end) this.toSkip = at - end;
    }
    return this.stop(end, Stop.END);
  }

  /** The inspected packet was dealt with and went on, in whatever form; the next scan begins after it. */
  inspected(command: number, sequence: number): void {
    this.commandPassed(command);
    this.sequence = sequence;
  }

  private statementCommand(chunk: Uint8Array, at: number, available: number): Stop {
    if (available < HEADER_LENGTH + STATEMENT_ID_END) return Stop.CUT;
    switch (this.book.pass(chunk[at + HEADER_LENGTH]!, chunk, at, available)) {
      case StatementNeed.NOTHING:
        return Stop.END;
      case StatementNeed.BYTES:
        return Stop.CUT;
      case StatementNeed.PREPARE:
        return Stop.PREPARE;
      case StatementNeed.TYPES:
        return Stop.TYPES;
    }
  }

  private isNext(chunk: Uint8Array, at: number): boolean {
    return this.stopsAtNext && chunk[at + HEADER_LENGTH] !== Command.PING;
  }

  private isCommandAt(sequence: number): boolean {
    if (this.isContinuation || this.tracker.isReadingFile) return false;
    return sequence === 0 || !this.tracker.isAuthenticating;
  }

  private commandPassed(command: number): void {
    if (command === Command.PING) this.pings += 1;
    else this.commands += 1;
    this.tracker.commandSent(responseKindOf(command));
  }

  private framePassed(length: number, sequence: number): void {
    if (length === 0 && !this.isContinuation && this.tracker.isReadingFile) this.tracker.fileEnded();
    this.sequence = sequence;
    this.isContinuation = length === MAX_FRAME_LENGTH;
  }

  private stop(at: number, reason: Stop): Stop {
    this.stoppedAt = at;
    return reason;
  }
}

/** Others than COM_QUERY: KILL, those that make another session of it, and those whose text is kept. */
const isInspected = new Uint8Array(256);
for (const command of [
  Command.PROCESS_KILL,
  Command.CHANGE_USER,
  Command.RESET_CONNECTION,
  Command.SET_OPTION,
  Command.STMT_PREPARE,
])
  isInspected[command] = 1;

/** Command and id of a statement. */
const STATEMENT_ID_END = 5;
const isAboutStatement = new Uint8Array(256);
for (const command of [
  Command.STMT_EXECUTE,
  Command.STMT_SEND_LONG_DATA,
  Command.STMT_CLOSE,
  Command.STMT_RESET,
  Command.STMT_FETCH,
  Command.STMT_BULK_EXECUTE,
])
  isAboutStatement[command] = 1;

function mustBeInspected(command: number, chunk: Uint8Array, at: number, length: number): boolean {
  if (command === Command.QUERY) {
    return length > 1 && length <= MAX_KILL_LENGTH && mayBeginKill(chunk[at + HEADER_LENGTH + 1]!);
  }
  return isInspected[command] === 1;
}
