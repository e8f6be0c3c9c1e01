import type { Socket } from 'node:net';

import type { Clock } from '../clock.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import {
  CommandScanner,
  ResponseScanner,
  ResponseTracker,
  Stop,
  writeOk,
  writePacket,
  type Capabilities,
} from '../mysql/index.ts';
import { backendLost, type BackendLink } from './backend-link.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate, GatedSession } from './compute-gate.ts';
import { inspectCommand, type InspectionContext } from './inspect-command.ts';
import { refuse } from './refusal.ts';
import { isLonePing, isLoneQuit } from './small-commands.ts';

export interface SessionParts {
  readonly clock: Clock;
  readonly gate: ComputeGate;
  /** Asks for a wake of the gate's compute. */
  readonly requestWake: () => void;
  readonly connection: ClientConnection;
  readonly link: BackendLink;
  /** As negotiated with the client and the server alike. */
  readonly capabilities: Capabilities;
  /** Status flags of the login's OK. */
  readonly status: number;
  readonly inspection: InspectionContext;
  readonly onEnd: () => void;
}

/** Commands sent ahead of their answers, beyond which the client is not read. */
const MAX_PIPELINED = 4_096;
/** A command that is looked at before it goes on; only COM_CHANGE_USER with its attributes is ever long. */
const MAX_INSPECTED_LENGTH = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * One client with its connection to the server: frames through, untouched, with backpressure both ways. What cannot
 * go on yet is `queued`, a bounded number of bytes, and the client is not read meanwhile.
 */
export class Session implements GatedSession {
  readonly client: string;
  busySinceMs: number;
  transactionSinceMs: number;

  private readonly parts: SessionParts;
  private readonly gate: ComputeGate;
  private readonly socket: Socket;
  private readonly backend: Socket;
  private readonly tracker: ResponseTracker;
  private readonly commands: CommandScanner;
  private readonly responses: ResponseScanner;
  private queued: Buffer = NOTHING;
  private wasInTransaction = false;
  private isPipelineFull = false;
  private hasEnded = false;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.gate = parts.gate;
    this.client = parts.connection.client;
    this.socket = parts.connection.socket;
    this.backend = parts.link.socket;
    this.tracker = new ResponseTracker(parts.capabilities, parts.status);
    this.commands = new CommandScanner(this.tracker);
    this.responses = new ResponseScanner(this.tracker);
    this.busySinceMs = this.transactionSinceMs = parts.clock.monotonicMs();
  }

  get isBusy(): boolean {
    return this.tracker.isBusy || !this.commands.isAtBoundary || !this.responses.isAtBoundary;
  }

  get isInTransaction(): boolean {
    return this.tracker.isInTransaction;
  }

  /** @param early what the client sent before its login was answered. */
  start(early: Buffer): void {
    const { socket, backend, gate } = this;
    gate.sessions.add(this);
    this.parts.link.receive = (chunk) => this.backendDataReceived(chunk);
    this.parts.link.onGone = () => this.backendGone();
    this.parts.connection.receive = (chunk) => this.clientDataReceived(chunk);
    socket.on('drain', () => backend.resume());
    backend.on('drain', () => this.resumeClient());
    const onClientGone = (): void => this.clientGone();
    socket.on('end', onClientGone);
    socket.on('close', onClientGone);
    if (socket.destroyed) this.clientGone();
    if (early.length > 0) this.clientDataReceived(early);
    this.resumeClient();
  }

  flush(): void {
    this.gate.waiting.delete(this);
    const bytes = this.queued;
    this.queued = NOTHING;
    if (bytes.length > 0) this.forward(bytes);
    this.resumeClient();
  }

  fail(error: unknown): void {
    this.end(error);
  }

  end(error: unknown): void {
    if (this.finish()) this.refuseClient(error);
    this.backend.destroy();
  }

  /** @returns whether the bytes were taken at once, so that their buffer can be used again. */
  private clientDataReceived(chunk: Buffer): boolean {
    if (this.hasEnded) return true;
    this.gate.bytesIn += chunk.length;
    if (this.queued.length > 0 || this.gate.state !== 'open') this.queue(chunk);
    else this.forward(chunk);
    return this.queued.length === 0 && this.backend.writableLength === 0;
  }

  /** The gate is closed, or the bytes before ended inside a command that must be seen whole. */
  private queue(chunk: Buffer): void {
    const isFirst = this.queued.length === 0;
    const bytes = isFirst ? chunk : Buffer.concat([this.queued, chunk]);
    if (this.gate.state === 'open') {
      this.queued = NOTHING;
      this.forward(bytes);
    } else if (isFirst && !this.isBusy && isLoneQuit(bytes)) {
      this.leave();
    } else if (isFirst && !this.isBusy && isLonePing(bytes)) {
      this.socket.write(
        writePacket(
          writeOk({ affectedRows: 0, lastInsertId: 0, status: this.tracker.status, warnings: 0, rest: NOTHING }),
          1,
        ),
      );
    } else {
      this.queued = bytes;
      this.gate.lastActivityMs = this.parts.clock.monotonicMs();
      this.gate.waiting.add(this);
      this.socket.pause();
      if (this.gate.state === 'asleep') this.parts.requestWake();
    }
  }

  private forward(chunk: Buffer): void {
    const { commands, tracker } = this;
    const wasBusy = tracker.isBusy;
    const before = commands.commands;
    const stop = commands.scan(chunk, 0);
    if (stop === Stop.END) this.send(chunk);
    else this.forwardParts(chunk, stop);
    if (!wasBusy || commands.commands !== before) this.noteActivity(wasBusy, commands.commands - before);
    if (tracker.pendingCount > MAX_PIPELINED) {
      this.isPipelineFull = true;
      this.socket.pause();
    }
  }

  private noteActivity(wasBusy: boolean, commands: number): void {
    const nowMs = this.parts.clock.monotonicMs();
    if (!wasBusy) this.busySinceMs = nowMs;
    if (commands === 0) return;
    this.gate.lastActivityMs = nowMs;
    this.gate.commands += commands;
  }

  private send(bytes: Buffer): void {
    if (!this.backend.write(bytes)) this.socket.pause();
  }

  /** A chunk with a command that has to be looked at, or that ends before a command's first bytes do. */
  private forwardParts(chunk: Buffer, firstStop: Stop): void {
    let from = 0;
    for (let stop = firstStop; ; stop = this.commands.scan(chunk, from)) {
      const at = this.commands.stoppedAt;
      if (at > from) this.send(chunk.subarray(from, at));
      if (stop === Stop.END) return;
      const rest = chunk.subarray(at);
      const packetLength = stop === Stop.CUT ? Infinity : 4 + rest.readUIntLE(0, 3);
      if (stop === Stop.INSPECT && packetLength > MAX_INSPECTED_LENGTH) {
        this.end(
          new DozeError(
            'PROTOCOL_ERROR',
            `a command of ${packetLength} bytes that has ${MAX_INSPECTED_LENGTH} at most`,
          ),
        );
        return;
      }
      if (rest.length < packetLength) {
        // Copied, so that a few bytes do not keep the whole chunk.
        this.queued = Buffer.from(rest);
        return;
      }
      if (!this.forwardInspected(rest.subarray(0, packetLength))) return;
      from = at + packetLength;
    }
  }

  private forwardInspected(packet: Buffer): boolean {
    const payload = packet.subarray(4);
    const sequence = packet.readUInt8(3);
    try {
      const inspected = inspectCommand(payload, this.parts.inspection);
      if (inspected === null)
        throw new DozeError('ACCESS_DENIED', 'Access denied: this session cannot become that user');
      this.commands.inspected(payload.readUInt8(0), sequence);
      this.send(inspected === payload ? packet : writePacket(inspected, sequence));
      return true;
    } catch (error) {
      this.end(toDozeError(error));
      return false;
    }
  }

  /** @returns whether the bytes were taken at once, so that their buffer can be used again. */
  private backendDataReceived(chunk: Buffer): boolean {
    if (this.hasEnded) return true;
    this.gate.bytesOut += chunk.length;
    const { tracker, socket } = this;
    this.responses.scan(chunk);
    if (tracker.isInTransaction !== this.wasInTransaction) {
      this.wasInTransaction = !this.wasInTransaction;
      this.transactionSinceMs = this.busySinceMs;
    }
    if (!socket.write(chunk)) this.backend.pause();
    if (this.isPipelineFull && tracker.pendingCount < MAX_PIPELINED / 2) {
      this.isPipelineFull = false;
      this.resumeClient();
    }
    return socket.writableLength === 0;
  }

  private resumeClient(): void {
    if (this.isPipelineFull || this.backend.writableNeedDrain || this.gate.waiting.has(this) || this.hasEnded) return;
    this.socket.resume();
  }

  private backendGone(): void {
    const isAwaited = this.isBusy || this.queued.length > 0;
    if (!this.finish()) return;
    // An answer that the server began or owes is never finished by somebody else: an error, where one can stand.
    if (isAwaited) this.refuseClient(backendLost('Lost connection to server during query'));
    else this.socket.end();
    this.backend.destroy();
  }

  /** An error as the next packet, if the client is at a point where it can read one. */
  private refuseClient(error: unknown): void {
    if (this.responses.isAtBoundary) refuse(this.socket, error, this.nextSequence());
    else this.socket.destroy();
  }

  private nextSequence(): number {
    return this.tracker.isAnswering ? (this.responses.sequence + 1) & 0xff : 1;
  }

  private clientGone(): void {
    if (!this.finish()) return;
    this.leaveBackend();
    this.socket.destroySoon();
  }

  private leave(): void {
    this.finish();
    this.leaveBackend();
    this.socket.end();
  }

  /** After what was written. The kernel tells the server, however deep it sleeps. */
  private leaveBackend(): void {
    this.backend.resume();
    this.backend.destroySoon();
  }

  private finish(): boolean {
    if (this.hasEnded) return false;
    this.hasEnded = true;
    this.queued = NOTHING;
    this.gate.sessions.delete(this);
    this.gate.waiting.delete(this);
    this.parts.onEnd();
    return true;
  }
}
