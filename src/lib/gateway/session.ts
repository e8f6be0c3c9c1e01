import type { Socket } from 'node:net';

import { ResponseTracker } from '../mysql/index.ts';
import { Desk } from './asleep/desk.ts';
import { backendLost } from './backend-link.ts';
import { CommandForwarder } from './command-forwarder.ts';
import type { ComputeGate, GatedSession, Who } from './compute-gate.ts';
import type { Carry } from './parking/carry.ts';
import { Comeback } from './parking/comeback.ts';
import type { Pin } from './parking/pin.ts';
import type { Tenancy } from './pool/tenancy.ts';
import { refuseAmid } from './refusal.ts';
import { ServerSide } from './server-side.ts';
import type { SessionParts, SessionStart } from './session-parts.ts';
import { SessionTimes } from './session-times.ts';
import { isLoneQuit } from './small-commands.ts';

/** Commands sent ahead of their answers, beyond which the client is not read. */
const MAX_PIPELINED = 4_096;
const NOTHING = Buffer.alloc(0);

/**
 * One client with its connection to the server: frames through, untouched, with backpressure both ways. What cannot
 * go on yet is `queued`, a bounded number of bytes, and the client is not read meanwhile. A parked one has no connection
 * to the server; its next command gets it a new one.
 */
export class Session extends SessionTimes implements GatedSession {
  readonly who: Who;
  hasEnded = false;

  private readonly parts: SessionParts;
  private readonly gate: ComputeGate;
  private readonly socket: Socket;
  private readonly carry: Carry;
  private readonly tracker: ResponseTracker;
  private readonly forwarder: CommandForwarder;
  private readonly server: ServerSide;
  private readonly comeback: Comeback;
  private readonly desk: Desk;
  private readonly tenancy: Tenancy | null;
  private queued: Buffer = NOTHING;
  private wasInTransaction = false;
  private isPipelineFull = false;

  constructor(parts: SessionParts) {
    super(parts.clock.monotonicMs());
    this.parts = parts;
    this.gate = parts.gate;
    this.carry = parts.carry;
    this.who = parts.who;
    this.socket = parts.connection.socket;
    const { book } = this.carry;
    this.tracker = new ResponseTracker(parts.capabilities, parts.status, book);
    this.forwarder = new CommandForwarder(this.tracker, book, {
      inspection: parts.ties,
      send: (bytes) => {
        if (!this.server.send(bytes)) this.socket.pause();
      },
      answer: () => this.desk.sayOk(),
      onSessionChange: (command) => this.carry.noteSessionChange(command, this.server.sentBytes),
    });
    this.server = new ServerSide(this.tracker, book, {
      onData: (chunk) => this.serverDataReceived(chunk),
      onDrain: () => this.resumeClient(),
      onGone: () => this.serverGone(),
    });
    this.comeback = new Comeback({
      server: this.server,
      tracker: this.tracker,
      capabilities: parts.capabilities,
      ties: parts.ties,
      onDone: () => this.goOn(),
      onFailed: (error) => this.end(error),
    });
    const { gate, socket, tracker, server, forwarder } = this;
    this.desk = new Desk({ gate, socket, tracker, commands: forwarder.commands, server, early: parts.early });
    this.tenancy = parts.tenancy;
    parts.tenancy?.moveIn(this, this.server, this.tracker);
  }

  get isBusy(): boolean {
    if (this.comeback.isUnderWay || this.tracker.isBusy || this.tenancy?.isLeaving === true) return true;
    return !this.forwarder.commands.isAtBoundary || !this.server.responses.isAtBoundary;
  }

  /** Nothing of a command has come that is not answered. */
  get isIdle(): boolean {
    return !this.isBusy && this.queued.length === 0;
  }

  get isInTransaction(): boolean {
    return this.tracker.isInTransaction;
  }

  get isParked(): boolean {
    return !this.server.isThere;
  }

  get isUnknown(): boolean {
    return this.server.isThere && this.carry.isUnknown;
  }

  get pin(): Pin | null {
    return this.server.isThere ? this.carry.pin : null;
  }

  start({ link, recorder, ahead }: SessionStart): void {
    const { connection } = this.parts;
    this.gate.sessions.add(this);
    if (link !== null) this.server.attach(link);
    this.server.recorder = recorder;
    this.socket.on('drain', () => this.server.resume());
    connection.receive = (chunk) => this.clientDataReceived(chunk);
    connection.onGone = () => this.leave();
    if (connection.isGone) this.leave();
    if (ahead.length > 0) this.clientDataReceived(ahead);
    this.resumeClient();
  }

  flush(): void {
    this.gate.waiting.delete(this);
    if (!this.server.isThere) {
      this.comeback.reconnect();
      return;
    }
    const bytes = this.queued;
    this.queued = NOTHING;
    if (bytes.length > 0) this.forward(bytes);
    this.resumeClient();
  }

  end(error: unknown): void {
    if (this.finish()) refuseAmid(this.socket, error, this.server.responses, this.tracker);
    this.server.destroy();
  }

  async look(): Promise<void> {
    if (this.isBusy || this.hasEnded) return;
    try {
      const { sentBytes } = this.server;
      await this.server.lend((link) => this.carry.look(link, this.parts.capabilities, sentBytes));
    } catch (error) {
      this.end(error);
    }
  }

  noteHidden(): void {
    this.carry.notePossiblyHidden();
  }

  park(): void {
    this.server.leave();
    this.carry.moved();
    this.parkedSinceMs = this.parts.clock.monotonicMs();
    this.parts.ties.noteParked();
  }

  /** With what is queued, as soon as the gate is open. */
  private goOn(): void {
    if (this.hasEnded) return;
    if (this.gate.state === 'open') this.flush();
    else this.waitForGate();
  }

  private waitForGate(): void {
    this.gate.waiting.add(this);
    if (this.gate.state === 'asleep') this.parts.ties.requestWake();
  }

  /** @returns whether the bytes were taken at once, so that their buffer can be used again. */
  private clientDataReceived(chunk: Buffer): boolean {
    if (this.hasEnded) return true;
    this.gate.bytesIn += chunk.length;
    if (this.tenancy !== null && this.isIdle && isLoneQuit(chunk)) this.leave();
    else if (this.queued.length > 0 || this.gate.state !== 'open' || !this.server.isThere) this.queue(chunk);
    else this.forward(chunk);
    return this.queued.length === 0 && this.server.isSent;
  }

  /** The gate is closed, the server is not there, or the bytes before ended inside a command that must be seen whole. */
  private queue(chunk: Buffer): void {
    const isFirst = this.queued.length === 0;
    const bytes = isFirst ? chunk : Buffer.concat([this.queued, chunk]);
    if (this.comeback.isUnderWay) {
      this.queued = bytes;
    } else if (this.gate.state === 'open' && this.server.isThere) {
      this.queued = NOTHING;
      this.forward(bytes);
    } else if (isFirst && !this.isBusy && isLoneQuit(bytes)) {
      this.leave();
    } else if (isFirst && !this.isBusy && this.desk.answers(bytes)) {
      // Not a reason to stay awake.
      return;
    } else {
      this.queued = bytes;
      this.gate.lastActivityMs = this.lastCommandMs = this.parts.clock.monotonicMs();
      this.socket.pause();
      if (this.gate.state === 'open') this.comeback.reconnect();
      else this.waitForGate();
    }
  }

  private forward(chunk: Buffer): void {
    const { tracker, forwarder } = this;
    const { commands } = forwarder;
    const wasBusy = tracker.isBusy;
    const before = commands.commands;
    try {
      const isContinuation = !commands.isAtBoundary;
      if (!wasBusy && !isContinuation && !tracker.isInTransaction) this.gate.requireStaying();
      this.tenancy?.judge(chunk, isContinuation);
      if (this.carry.scan(chunk, isContinuation)) forwarder.onNextCommand = (payload) => this.carry.reword(payload);
      this.queued = forwarder.forward(chunk);
    } catch (error) {
      this.end(error);
      return;
    }
    if (!wasBusy || commands.commands !== before) this.noteActivity(wasBusy, commands.commands - before);
    if (forwarder.obstacle !== null) {
      this.socket.pause();
      this.comeback.clear(forwarder.obstacle);
    }
    if (tracker.pendingCount > MAX_PIPELINED) {
      this.isPipelineFull = true;
      this.socket.pause();
    }
  }

  private noteActivity(wasBusy: boolean, commands: number): void {
    const nowMs = this.parts.clock.monotonicMs();
    if (!wasBusy) this.busySinceMs = nowMs;
    if (commands === 0) return;
    this.gate.lastActivityMs = this.lastCommandMs = nowMs;
    this.gate.commands += commands;
    this.carry.noteCommand(this.tenancy?.noteCommand(nowMs));
  }

  /** @returns whether the bytes were taken at once, so that their buffer can be used again. */
  private serverDataReceived(chunk: Buffer): boolean {
    if (this.hasEnded) return true;
    this.gate.bytesOut += chunk.length;
    const { tracker, socket } = this;
    if (tracker.isInTransaction !== this.wasInTransaction) {
      if (this.wasInTransaction) this.carry.noteTransactionEnd();
      this.wasInTransaction = !this.wasInTransaction;
      this.transactionSinceMs = this.busySinceMs;
    }
    if (!socket.write(chunk)) this.server.pause();
    if (this.isPipelineFull && tracker.pendingCount < MAX_PIPELINED / 2) {
      this.isPipelineFull = false;
      this.resumeClient();
    }
    if (this.comeback.isUnderWay) this.comeback.answersCame();
    if (this.tenancy !== null && !tracker.isBusy) this.tenancy.noteAnswered();
    // TLS may still have to encrypt them.
    return this.parts.connection.tls === null && socket.writableLength === 0;
  }

  private resumeClient(): void {
    const isWaiting = this.comeback.isUnderWay || this.gate.waiting.has(this);
    if (!isWaiting && !this.isPipelineFull && !this.server.isFull && !this.hasEnded) this.socket.resume();
  }

  private serverGone(): void {
    const isAwaited = !this.isIdle;
    if (!this.finish()) return;
    // An answer that the server began or owes is never finished by somebody else: an error, where one can stand.
    const error = backendLost('Lost connection to server during query');
    if (isAwaited) refuseAmid(this.socket, error, this.server.responses, this.tracker);
    else this.socket.end();
    this.server.destroy();
  }

  /** Its client left. */
  private leave(): void {
    const isBetween = this.isIdle && !this.isInTransaction;
    if (!this.finish()) return;
    if (this.tenancy === null) this.server.leave();
    else this.tenancy.moveOut(isBetween);
    this.socket.destroySoon();
  }

  private finish(): boolean {
    if (this.hasEnded) return false;
    this.hasEnded = true;
    this.queued = NOTHING;
    this.comeback.callOff();
    this.gate.sessions.delete(this);
    this.gate.waiting.delete(this);
    this.parts.ties.noteEnd();
    return true;
  }
}
