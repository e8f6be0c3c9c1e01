import { abortReason } from '../../clock.ts';
import { DozeError, toDozeError } from '../../errors/index.ts';
import type { Capabilities, ResponseTracker } from '../../mysql/index.ts';
import type { Arrival } from '../arrival.ts';
import type { EarlyAnswers } from '../asleep/early-answers.ts';
import type { BackendLink } from '../backend-link.ts';
import type { Core } from '../core.ts';
import type { Carry } from '../parking/carry.ts';
import type { ServerSide } from '../server-side.ts';
import { sessionClosed } from '../refusal.ts';
import { createWakeDeadline } from '../wake.ts';
import type { BackendPool } from './backend-pool.ts';
import { judgeCommands, UNSEEN, type Judgement } from './judge-commands.ts';
import type { Place, PlaceRequest } from './place-request.ts';
import type { Tenant } from './tenant.ts';

export interface TenancyParts {
  readonly core: Core;
  readonly pool: BackendPool;
  readonly arrival: Arrival;
  readonly carry: Carry;
  /** How it gets its first connection, with its account checked. */
  readonly login: PlaceRequest;
  /** How it gets a connection after it had to leave one. */
  readonly comeback: PlaceRequest;
  /** Of one that came in while the server slept, and had no connection so far. */
  readonly early: EarlyAnswers | null;
}

/** What the session is, and does. */
interface TenancySession {
  /** Nothing of a command has come that is not answered. */
  readonly isIdle: boolean;
  readonly hasEnded: boolean;
  /** Monotonic. */
  parkedSinceMs: number;
  end(error: unknown): void;
}

/** One session's part in its compute's pool. */
export class Tenancy implements Tenant {
  readonly carry: Carry;
  readonly capabilities: Capabilities;
  /** Its connection was taken away, and what it had is being read. */
  isLeaving = false;

  private readonly parts: TenancyParts;
  private readonly pool: BackendPool;
  /** Null before its first one. */
  private place: Place | null;
  private server: ServerSide | null = null;
  private tracker: ResponseTracker | null = null;
  private session: TenancySession | null = null;
  private judgement: Judgement | null = null;
  /** Behind the rest of a packet there may be anything. */
  private isUnseen = false;
  private heldSinceMs: number | null = null;

  constructor(parts: TenancyParts, place: Place | null) {
    this.parts = parts;
    this.pool = parts.pool;
    this.place = place;
    this.carry = parts.carry;
    this.capabilities = parts.arrival.greeted.response.capabilities;
  }

  get hasEnded(): boolean {
    return this.session?.hasEnded === true;
  }

  get isMovable(): boolean {
    const { server, tracker, session } = this;
    if (server === null || tracker === null || session === null) return false;
    if (!server.isThere || server.isLent || tracker.isInTransaction || !session.isIdle || session.hasEnded)
      return false;
    return this.carry.pin === null;
  }

  /** Once, when the session begins. */
  moveIn(session: TenancySession, server: ServerSide, tracker: ResponseTracker): void {
    this.server = server;
    this.tracker = tracker;
    this.session = session;
    if (this.place !== null) this.pool.settle(this.place, this);
  }

  /** The session goes on from here; as long as it has nothing to say, its connection is another's who waits for one. */
  noteBegun(): void {
    this.pool.pump();
  }

  /**
   * For its next command, after it had to leave or before it had any: a connection with its state on it, which may be the
   * one that it had.
   * @throws TOO_MANY_CONNECTIONS, SESSION_CLOSED, and what a wake throws
   */
  async comeBack(signal: AbortSignal): Promise<BackendLink> {
    const { core, arrival, login, comeback } = this.parts;
    const { gate } = arrival;
    using deadline = createWakeDeadline(core, gate, signal);
    const place = await this.pool.acquire(this.place === null ? login : comeback, deadline.signal);
    const { link } = place.backend;
    await this.settleEarly(link);
    if (deadline.signal.aborted) {
      link.socket.destroy();
      throw abortReason(deadline.signal);
    }
    this.place = place;
    this.bindId();
    this.pool.settle(place, this);
    return link;
  }

  /** What it was answered while it had no connection is told to the server. */
  private async settleEarly(link: BackendLink): Promise<void> {
    const { early, arrival } = this.parts;
    try {
      if ((await early?.settle(link, this.capabilities)) === true) this.carry.noteCommand();
    } catch (error) {
      link.socket.destroy();
      const { message } = toDozeError(error);
      throw sessionClosed(
        `compute "${arrival.gate.name}" slept, and this session could not be put back as it was (${message}); connect again`,
      );
    }
  }

  /** The session has ended. @param isBetween whether nothing was under way on its connection */
  moveOut(isBetween: boolean): void {
    const link = this.server?.detach() ?? null;
    if (link !== null && this.place !== null) this.pool.giveBack(this.place.pooled, this, isBetween);
  }

  /** Sees what goes on to the server. */
  judge(chunk: Buffer, isContinuation: boolean): void {
    this.isUnseen = isContinuation;
    if (isContinuation) return;
    this.judgement = judgeCommands(chunk, this.carry.book);
    this.tellChanges();
  }

  /** A command went to the server. @returns whether all that were sent at once are plain */
  noteCommand(nowMs: number): boolean {
    this.heldSinceMs ??= nowMs;
    if (this.isUnseen) this.judgement = UNSEEN;
    return this.judgement?.isPlain === true;
  }

  /** Every answer is complete. */
  noteAnswered(): void {
    const { tracker } = this;
    if (this.place === null || tracker === null || tracker.isInTransaction) return;
    if (tracker.hasConditions) this.carry.noteConditions();
    tracker.hasConditions = false;
    this.tellChanges();
    this.judgement = null;
    const { heldSinceMs } = this;
    this.heldSinceMs = null;
    this.pool.noteIdle(this.place.pooled, heldSinceMs);
  }

  detach(): BackendLink {
    const link = this.server?.detach() ?? null;
    if (link === null) throw new DozeError('INTERNAL', 'a session without a connection was to leave it');
    this.isLeaving = true;
    // A KILL of it must not meet what the pool asks there.
    const { core, arrival } = this.parts;
    core.ids.bind(arrival.connectionId, { computeId: arrival.gate.computeId, user: arrival.user }, null);
    return link;
  }

  left(): void {
    this.isLeaving = false;
    if (this.session !== null) this.session.parkedSinceMs = this.parts.core.clock.monotonicMs();
    this.carry.moved();
  }

  stays(link: BackendLink | null): void {
    this.isLeaving = false;
    if (link === null) return;
    this.bindId();
    this.server?.attach(link);
  }

  end(error: unknown): void {
    this.isLeaving = false;
    this.session?.end(error);
  }

  private bindId(): void {
    const { core, arrival } = this.parts;
    const { connectionId, user, gate } = arrival;
    const backendId = this.place?.backend.greeting.connectionId ?? null;
    core.ids.bind(connectionId, { computeId: gate.computeId, user }, backendId);
  }

  private tellChanges(): void {
    if (this.judgement?.changesRoutines === true) this.pool.tell('routines');
    if (this.judgement?.changesGlobals === true) this.pool.tell('globals');
  }
}
