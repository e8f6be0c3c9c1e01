import { DozeError } from '../errors/index.ts';
import {
  Command,
  CommandScanner,
  insertTypes,
  MAX_FRAME_LENGTH,
  Stop,
  writePacket,
  type PreparedStatement,
  type ResponseTracker,
  type StatementBook,
} from '../mysql/index.ts';
import {
  inspectCommand,
  killIn,
  withOutcome,
  withoutParked,
  type Inspected,
  type InspectionContext,
} from './inspect-command.ts';
import type { KillOutcome } from './kill-request.ts';

/** A command that is looked at before it goes on; few of them are ever long. */
const MAX_INSPECTED_LENGTH = 64 * 1024;
const SESSION_CHANGES: ReadonlySet<number> = new Set([
  Command.RESET_CONNECTION,
  Command.CHANGE_USER,
  Command.SET_OPTION,
]);
const NOTHING = Buffer.alloc(0);

export interface ForwarderParts {
  readonly inspection: InspectionContext;
  /** To the server. */
  readonly send: (bytes: Buffer) => void;
  /** Tells the client OK; only between two answers of the server. */
  readonly answer: () => void;
  /** A command was sent after which it is another session: COM_RESET_CONNECTION, COM_CHANGE_USER, COM_SET_OPTION. */
  readonly onSessionChange: (command: number) => void;
}

/** What is done as soon as what was sent before is answered. */
export type Obstacle =
  /** The server has to know the statement that the next command is about. */
  | { readonly kind: 'prepare'; readonly statement: PreparedStatement }
  /** Never rejects. */
  | { readonly kind: 'ask'; readonly ask: () => Promise<void> };

/** A client's bytes on their way to the server. Commands that need a look are looked at; the rest is not touched. */
export class CommandForwarder {
  readonly commands: CommandScanner;
  /** Sees the next command whole, if it is not too long for that, and says what goes on instead. Pings do not count. */
  onNextCommand: ((payload: Buffer) => Buffer) | null = null;
  /** What has to be done before the bytes that were not taken can go on. */
  obstacle: Obstacle | null = null;

  private readonly book: StatementBook;
  private readonly inspection: InspectionContext;
  private readonly send: (bytes: Buffer) => void;
  private readonly tracker: ResponseTracker;
  private readonly answer: () => void;
  private readonly onSessionChange: (command: number) => void;
  /** What another thread said of the session that the next command is to end. */
  private killed: KillOutcome | null = null;

  constructor(tracker: ResponseTracker, book: StatementBook, parts: ForwarderParts) {
    this.tracker = tracker;
    this.commands = new CommandScanner(tracker, book);
    this.book = book;
    this.inspection = parts.inspection;
    this.send = parts.send;
    this.answer = parts.answer;
    this.onSessionChange = parts.onSessionChange;
  }

  /**
   * @returns what was not taken, to be shown again: the beginning of a command that has to be seen whole, with what
   * follows, or from a command on that has to wait until `obstacle` is out of the way
   * @throws PROTOCOL_ERROR, ACCESS_DENIED, and what `onNextCommand` throws
   */
  forward(chunk: Buffer): Buffer {
    const { commands } = this;
    commands.stopsAtNext = this.onNextCommand !== null;
    this.obstacle = null;
    let sent = 0;
    let from = 0;
    for (;;) {
      const stop = commands.scan(chunk, from);
      const at = commands.stoppedAt;
      if (at > sent) this.send(sent === 0 && at === chunk.length ? chunk : chunk.subarray(sent, at));
      sent = from = at;
      switch (stop) {
        case Stop.END:
          return NOTHING;
        case Stop.CUT:
          // Copied, so that a few bytes do not keep the whole chunk.
          return Buffer.from(chunk.subarray(at));
        case Stop.PREPARE:
          if (this.book.needed !== null) this.obstacle = { kind: 'prepare', statement: this.book.needed };
          return Buffer.from(chunk.subarray(at));
        case Stop.TYPES:
          sent += this.sendWithTypes(chunk.subarray(at));
          break;
        case Stop.INSPECT: {
          const length = 4 + chunk.readUIntLE(at, 3);
          if (length > MAX_INSPECTED_LENGTH) this.passLong(length, chunk.readUInt8(at + 4));
          else if (chunk.length - at < length || this.hasToAsk(chunk.subarray(at, at + length)))
            return Buffer.from(chunk.subarray(at));
          else if (this.isTaken(chunk.subarray(at, at + length))) sent = from = at + length;
        }
      }
    }
  }

  /** The beginning of an execute, with what its client relies on the server to know. @returns the length of that beginning */
  private sendWithTypes(packet: Buffer): number {
    const statement = this.book.needed;
    if (statement === null) throw new DozeError('INTERNAL', 'types of no statement are needed');
    if (packet.readUIntLE(0, 3) + 2 * statement.parameters >= MAX_FRAME_LENGTH)
      throw tooLong(packet.readUIntLE(0, 3), MAX_FRAME_LENGTH - 2 * statement.parameters);
    const { typed, headLength } = insertTypes(packet, statement);
    statement.areTypesKnown = true;
    this.send(typed);
    return headLength;
  }

  /** What is only looked at in passing goes on unseen. */
  private passLong(length: number, command: number): void {
    if (this.onNextCommand !== null) this.noLongerCurious();
    else if (command === Command.STMT_PREPARE) this.commands.skipsPrepare = true;
    else throw tooLong(length, MAX_INSPECTED_LENGTH);
  }

  /** @returns false when it was only looked at, and is to go its own way */
  private isTaken(packet: Buffer): boolean {
    const { onNextCommand } = this;
    if (onNextCommand === null) {
      this.forwardInspected(packet);
      return true;
    }
    const payload = packet.subarray(4);
    const reworded = onNextCommand(payload);
    this.noLongerCurious();
    if (reworded === payload) return false;
    this.commands.inspected(payload.readUInt8(0), packet.readUInt8(3));
    this.send(writePacket(reworded, packet.readUInt8(3)));
    return true;
  }

  /** Whether it is to end a session of another thread, of which nobody has heard yet. */
  private hasToAsk(packet: Buffer): boolean {
    const { inspection } = this;
    const kill = this.onNextCommand === null && this.killed === null ? killIn(packet.subarray(4)) : null;
    if (kill === null || !inspection.isElsewhere(kill.id)) return false;
    const ask = async (): Promise<void> => {
      this.killed = await inspection.killElsewhere(kill);
    };
    this.obstacle = { kind: 'ask', ask };
    return true;
  }

  private forwardInspected(packet: Buffer): void {
    const payload = packet.subarray(4);
    const sequence = packet.readUInt8(3);
    const command = payload.readUInt8(0);
    if (command === Command.STMT_PREPARE) this.book.prepareSent(payload.subarray(1));
    const inspected = this.inspect(payload);
    if (inspected === 'done') {
      this.answer();
      return;
    }
    if (inspected === null) throw new DozeError('ACCESS_DENIED', 'Access denied: this session cannot become that user');
    this.commands.inspected(command, sequence);
    this.send(inspected === payload ? packet : writePacket(inspected, sequence));
    if (SESSION_CHANGES.has(command)) this.onSessionChange(command);
  }

  /** What was sent before has its answers still to come: then this one has to get in line. */
  private inspect(payload: Buffer): Inspected {
    const { tracker, inspection, killed } = this;
    this.killed = null;
    if (killed !== null) return inspectCommand(payload, withOutcome(inspection, killed));
    return inspectCommand(payload, tracker.isBusy ? withoutParked(inspection) : inspection);
  }

  private noLongerCurious(): void {
    this.onNextCommand = null;
    this.commands.stopsAtNext = false;
  }
}

function tooLong(length: number, most: number): DozeError {
  return new DozeError('PROTOCOL_ERROR', `a command of ${length} bytes where ${most} are the most`);
}
