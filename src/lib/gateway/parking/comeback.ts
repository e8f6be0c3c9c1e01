import type { Capabilities, ResponseTracker } from '../../mysql/index.ts';
import type { Obstacle } from '../command-forwarder.ts';
import type { ServerSide } from '../server-side.ts';
import type { SessionTies } from '../session-parts.ts';
import { prepareAgain } from './prepare-again.ts';

export interface ComebackParts {
  readonly server: ServerSide;
  readonly tracker: ResponseTracker;
  readonly capabilities: Capabilities;
  readonly ties: Pick<SessionTies, 'reconnect'>;
  /** What had to be done is done. */
  readonly onDone: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** What has to be done before the next bytes of a session can go on, mostly at the server of one that was parked. */
export class Comeback {
  private readonly parts: ComebackParts;
  private reconnecting: AbortController | null = null;
  private obstacle: Obstacle | null = null;
  private isClearing = false;

  constructor(parts: ComebackParts) {
    this.parts = parts;
  }

  get isUnderWay(): boolean {
    return this.reconnecting !== null || this.obstacle !== null;
  }

  reconnect(): void {
    if (this.isUnderWay) return;
    const { server, ties, onDone, onFailed } = this.parts;
    const calledOff = (this.reconnecting = new AbortController());
    ties.reconnect(calledOff.signal).then(
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
  clear(obstacle: Obstacle): void {
    this.obstacle = obstacle;
    this.answersCame();
  }

  answersCame(): void {
    const { tracker, onDone, onFailed } = this.parts;
    const { obstacle } = this;
    if (obstacle === null || this.isClearing || tracker.isBusy) return;
    this.isClearing = true;
    this.overcome(obstacle).then(
      () => {
        this.obstacle = null;
        this.isClearing = false;
        onDone();
      },
      (error: unknown) => onFailed(error),
    );
  }

  private overcome(obstacle: Obstacle): Promise<unknown> {
    if (obstacle.kind === 'ask') return obstacle.ask();
    const { server, capabilities } = this.parts;
    return server.lend((link) => prepareAgain(link, capabilities, obstacle.statement));
  }

  callOff(): void {
    this.reconnecting?.abort();
  }
}
