import type { Socket } from 'node:net';

import type { CommandScanner, ResponseTracker } from '../../mysql/index.ts';
import type { ComputeGate } from '../compute-gate.ts';
import type { ServerSide } from '../server-side.ts';
import { isLonePing, plainOk } from '../small-commands.ts';
import type { EarlyAnswers } from './early-answers.ts';

export interface DeskParts {
  readonly gate: ComputeGate;
  readonly socket: Socket;
  readonly tracker: ResponseTracker;
  readonly commands: CommandScanner;
  readonly server: ServerSide;
  readonly early: EarlyAnswers | null;
}

/** Answers a client in its server's place. */
export class Desk {
  private readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** Only between two answers of the server. */
  sayOk(): void {
    const { gate, socket, tracker } = this.parts;
    const ok = plainOk(tracker.status);
    gate.bytesOut += ok.length;
    socket.write(ok);
  }

  /** @returns whether the client, whose server has nothing under way, was answered */
  answers(packet: Buffer): boolean {
    if (isLonePing(packet)) this.sayOk();
    else return this.answersEarly(packet);
    return true;
  }

  /** What the server would say is seen as if it had said it. */
  private answersEarly(packet: Buffer): boolean {
    const { gate, socket, commands, server, early } = this.parts;
    const answer = server.isThere ? null : (early?.answerTo(packet) ?? null);
    if (answer === null) return false;
    commands.scan(packet, 0);
    server.responses.scan(answer);
    gate.commands += 1;
    gate.bytesOut += answer.length;
    socket.write(answer);
    return true;
  }
}
