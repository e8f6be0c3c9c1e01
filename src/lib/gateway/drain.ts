import { createDeadline } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import type { ComputeGate, GatedSession } from './compute-gate.ts';
import type { Core } from './core.ts';

/** What became of the sessions of a gateway that was shut down. */
export interface Drained {
  /** Ended between two commands, in no transaction. */
  readonly atSafePoints: number;
  /** Ended with something under way, as there was no more time. */
  readonly cutShort: number;
}

/** Sessions become idle by themselves, which nothing tells; the next command of a busy one ends it at once. */
const POLL_MS = 20;

/**
 * Ends every session of a gateway that listens no more.
 *
 * | a session is                  | ends                                                                |
 * | ----------------------------- | ------------------------------------------------------------------- |
 * | idle, or parked               | now                                                                 |
 * | waiting for an answer         | after it; the command that it sends next is refused and does nothing |
 * | in a transaction              | as above, after the end of the transaction                          |
 * | waiting for its server        | after the answer to what it waits with                              |
 * | any of these, no time is left | now: whoever waits for an answer is told that there is none          |
 *
 * The error is 1053 (08S01) always: drivers and people know it as a server's shutdown. Never rejects.
 */
export async function drain(core: Core, hurry?: AbortSignal): Promise<Drained> {
  const farewell = new DozeError('AGENT_STOPPING', 'the agent stops; connect again');
  using deadline = createDeadline(core.options.drainTimeoutMs, () => farewell, hurry);
  const total = countSessions(core);
  for (const gate of core.gates.values()) gate.farewell = farewell;
  const isOver = (): boolean => deadline.signal.aborted || core.options.drainTimeoutMs === 0;
  for (;;) {
    for (const [gate, session] of sessionsOf(core)) if (isAtSafePoint(gate, session)) session.end(farewell);
    if (countSessions(core) === 0 || isOver()) break;
    await core.clock.sleep(POLL_MS, deadline.signal).catch(() => undefined);
  }
  const cutShort = countSessions(core);
  for (const [, session] of sessionsOf(core)) session.end(farewell);
  for (const gate of core.gates.values()) gate.pool?.shutDown(farewell);
  // Logins that are under way have nothing to lose.
  for (const { socket } of [...core.connections]) if (!socket.writableEnded) socket.destroy();
  return { atSafePoints: Math.max(0, total - cutShort), cutShort };
}

function isAtSafePoint(gate: ComputeGate, session: GatedSession): boolean {
  return !session.isBusy && !session.isInTransaction && !gate.waiting.has(session);
}

function countSessions(core: Core): number {
  let sessions = 0;
  for (const gate of core.gates.values()) sessions += gate.sessions.size;
  return sessions;
}

function* sessionsOf(core: Core): Generator<readonly [ComputeGate, GatedSession]> {
  for (const gate of core.gates.values()) for (const session of [...gate.sessions]) yield [gate, session];
}
