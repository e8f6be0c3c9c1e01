import type { Capabilities, PreparedStatement, ResponseTracker } from '../../mysql/index.ts';
import type { BackendLink } from '../backend-link.ts';
import type { ServerSide } from '../server-side.ts';
import { prepareAgain } from './prepare-again.ts';

export interface ComebackParts {
  readonly server: ServerSide;
  readonly tracker: ResponseTracker;
  readonly capabilities: Capabilities;
  /** Another connection to the server with the session's state on it, waking the compute if need be. */
  readonly reconnect: (signal: AbortSignal) => Promise<BackendLink>;
  /** What had to be done is done. */
  readonly onDone: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** What has to be done at the server before the next bytes of a session that was parked can go on. */
export class Comeback {
  private readonly parts: ComebackParts;
  private reconnecting: AbortController | null = null;
  /** A statement that the next command is about. */
  private toPrepare: PreparedStatement | null = null;

  constructor(parts: ComebackParts) {
    this.parts = parts;
  }

  get isUnderWay(): boolean {
    return this.reconnecting !== null || this.toPrepare !== null;
  }

  reconnect(): void {
    if (this.isUnderWay) return;
    const { server, reconnect, onDone, onFailed } = this.parts;
    const calledOff = (this.reconnecting = new AbortController());
    reconnect(calledOff.signal).then(
      (link) => {
        this.reconnecting = null;
        if (calledOff.signal.aborted) {
          link.socket.destroySoon();
          return;
        }
        server.attach(link);
        onDone();
      },
      (error: unknown) => {
        this.reconnecting = null;
        onFailed(error);
      },
    );
  }

  /** Begins as soon as what was sent before is answered, as it needs the connection for itself. */
  prepare(statement: PreparedStatement): void {
    this.toPrepare = statement;
    this.answersCame();
  }

  answersCame(): void {
    const { server, tracker, capabilities, onDone, onFailed } = this.parts;
    const statement = this.toPrepare;
    if (statement === null || tracker.isBusy) return;
    server
      .lend((link) => prepareAgain(link, capabilities, statement))
      .then(
        () => {
          this.toPrepare = null;
          onDone();
        },
        (error: unknown) => onFailed(error),
      );
  }

  callOff(): void {
    this.reconnecting?.abort();
  }
}
