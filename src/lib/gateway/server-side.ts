import { ResponseScanner, type ResponseTracker, type StatementBook } from '../mysql/index.ts';
import type { ConnectRecorder } from './asleep/connect-recorder.ts';
import { sentOn, type BackendLink } from './backend-link.ts';

export interface ServerSideEvents {
  /** @returns whether the bytes were taken at once, so that their buffer can be used again. */
  readonly onData: (chunk: Buffer) => boolean;
  /** What was sent is on its way: more can be. */
  readonly onDrain: () => void;
  /** The server closed, or the connection broke. */
  readonly onGone: () => void;
}

const NOTHING = Buffer.alloc(0);

/** A session's connection to its server, which may be given back and replaced by another one between two commands. */
export class ServerSide {
  readonly responses: ResponseScanner;
  /** Sees both directions as long as it wants to. */
  recorder: ConnectRecorder | null = null;
  /** Somebody else asks the server something on it. */
  isLent = false;

  private readonly tracker: ResponseTracker;
  private readonly book: StatementBook;
  private readonly events: ServerSideEvents;
  private link: BackendLink | null = null;
  /** The beginning of a packet that may have to be changed as a whole. */
  private unseen: Buffer = NOTHING;

  constructor(tracker: ResponseTracker, book: StatementBook, events: ServerSideEvents) {
    this.responses = new ResponseScanner(tracker);
    this.tracker = tracker;
    this.book = book;
    this.events = events;
  }

  get isThere(): boolean {
    return this.link !== null;
  }

  /** Whether it has to be waited for `onDrain` before more is sent. */
  get isFull(): boolean {
    return this.link?.socket.writableNeedDrain === true;
  }

  /** Whether all that was sent is on its way, and its buffers can be used again. */
  get isSent(): boolean {
    return this.link === null || (!this.link.isSecure && this.link.socket.writableLength === 0);
  }

  /** Everything ever sent on this connection. */
  get sentBytes(): number {
    return this.link === null ? 0 : sentOn(this.link);
  }

  attach(link: BackendLink): void {
    this.link = link;
    link.socket.on('drain', this.events.onDrain);
    this.listen(link);
  }

  /** Lends the connection, with nothing under way on it, to somebody who asks the server something else. */
  async lend<Result>(use: (link: BackendLink) => Promise<Result>): Promise<Result | null> {
    const { link } = this;
    if (link === null) return null;
    this.isLent = true;
    const result = await use(link);
    this.isLent = false;
    if (link === this.link) this.listen(link);
    return result;
  }

  /** @returns whether more can be sent at once */
  send(bytes: Buffer): boolean {
    if (this.recorder?.sent(bytes, this.tracker.pendingCount > 1) === false) this.recorder = null;
    return this.link === null || this.link.socket.write(bytes);
  }

  pause(): void {
    this.link?.socket.pause();
  }

  resume(): void {
    this.link?.socket.resume();
  }

  /** Leaves the connection to somebody else, with nothing under way on it. */
  detach(): BackendLink | null {
    const { link } = this;
    this.link = null;
    // What it is told from now on may not be told to others.
    this.recorder = null;
    link?.socket.off('drain', this.events.onDrain);
    link?.socket.resume();
    return link;
  }

  /** Gives the connection back, after what was sent. The kernel tells the server, however deep it sleeps. */
  leave(): void {
    const { link } = this;
    this.link = null;
    link?.socket.resume();
    link?.socket.destroySoon();
  }

  destroy(): void {
    this.link?.socket.destroy();
    this.link = null;
  }

  private listen(link: BackendLink): void {
    link.receive = (chunk) => (link === this.link ? this.received(chunk) : true);
    link.onGone = () => {
      if (link === this.link) this.events.onGone();
    };
    if (link.socket.destroyed) link.onGone();
  }

  private received(chunk: Buffer): boolean {
    if (this.book.isMapped) return this.receivedMapped(chunk);
    this.responses.scan(chunk);
    if (this.recorder?.received(chunk, this.tracker.isBusy) === false) this.recorder = null;
    return this.events.onData(chunk);
  }

  /** Ids may be changed on the way: then no packet goes on in parts before it was seen. */
  private receivedMapped(chunk: Buffer): boolean {
    const bytes = this.unseen.length === 0 ? chunk : Buffer.concat([this.unseen, chunk]);
    this.responses.keepsCuts = false;
    this.responses.scan(bytes);
    const seen = bytes.length - this.responses.unseenLength;
    this.unseen = Buffer.from(bytes.subarray(seen));
    return this.events.onData(bytes.subarray(0, seen));
  }
}
