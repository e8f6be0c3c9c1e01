import type { HandshakeResponse } from '../../mysql/index.ts';

/** What the server said, and what it said next, by command. */
export interface ConnectStep {
  /** Whole packets; of a login the payload of its OK. */
  readonly answer: Buffer;
  /** By the command's packet, as latin1. */
  readonly next: Map<string, ConnectStep>;
}

const MAX_LOGINS = 64;
/** Kinds of a next command that are kept at any one step. */
const MAX_NEXT = 8;

/**
 * What a compute's server said to logins and to the commands by which clients set themselves up, as long as it was awake:
 * what it would say again to a client that does just the same. So such a client is let in while the server sleeps. Only
 * what was seen is ever told; the latest of each kind is kept.
 */
export class ConnectBook {
  private readonly logins = new Map<string, ConnectStep>();

  find(user: string, response: HandshakeResponse): ConnectStep | null {
    return this.logins.get(keyOf(user, response)) ?? null;
  }

  /** @param answer the payload of the server's OK to a login */
  record(user: string, response: HandshakeResponse, answer: Buffer): ConnectStep {
    const key = keyOf(user, response);
    const known = this.logins.get(key);
    const step = known?.answer.equals(answer) === true ? known : { answer: Buffer.from(answer), next: new Map() };
    // Put last: the map's order is the order of use.
    this.logins.delete(key);
    this.logins.set(key, step);
    dropOldest(this.logins, MAX_LOGINS);
    return step;
  }
}

/** @returns what was said to this command before, if it is the same again, else a step without anything after it */
export function recordNext(step: ConnectStep, packet: Buffer, answer: Buffer): ConnectStep {
  const key = packet.toString('latin1');
  const known = step.next.get(key);
  const next = known?.answer.equals(answer) === true ? known : { answer: Buffer.from(answer), next: new Map() };
  step.next.delete(key);
  step.next.set(key, next);
  dropOldest(step.next, MAX_NEXT);
  return next;
}

function dropOldest(map: Map<string, ConnectStep>, most: number): void {
  if (map.size > most) map.delete(map.keys().next().value ?? '');
}

/** All that the server's answer may depend on. */
function keyOf(user: string, { capabilities, collation, database }: HandshakeResponse): string {
  const { base, extended } = capabilities;
  return JSON.stringify([user, base, extended, collation, database?.toString('latin1') ?? null]);
}
