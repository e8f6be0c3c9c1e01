import type { EndRequest, SessionFacts } from '../control/index.ts';
import type { SessionState } from '../domain/index.ts';
import type { ComputeGate, GatedSession } from './compute-gate.ts';
import type { Core } from './core.ts';
import { describePin } from './parking/pin.ts';
import { sessionClosed, sessionIdle } from './refusal.ts';

/** Of one thread; see `SessionGate`. */
export interface SessionBook {
  sessions(computeId: string | null): readonly SessionFacts[];
  endSession(id: number, request: EndRequest): SessionFacts | null;
  endIdleSessions(computeId: string, idleMs: number): number;
}

export function createSessionBook(core: Core): SessionBook {
  return {
    sessions: (computeId) => sessionsOf(core, computeId),
    endSession: (id, request) => endSession(core, id, request),
    endIdleSessions: (computeId, idleMs) => endIdle(core, computeId, idleMs),
  };
}

function sessionsOf(core: Core, computeId: string | null): SessionFacts[] {
  const only = computeId === null ? undefined : core.gates.get(computeId);
  const gates = computeId === null ? [...core.gates.values()] : only === undefined ? [] : [only];
  return gates.flatMap((gate) => [...gate.sessions].map((session) => factsOf(core, gate, session)));
}

/** Looks and ends in one step, so that no command comes in between. */
function endSession(core: Core, id: number, { reason, seenCommandMs }: EndRequest): SessionFacts | null {
  const found = find(core, id);
  if (found === null) return null;
  const facts = factsOf(core, found.gate, found.session);
  const isUsed = seenCommandMs !== undefined && (facts.state === 'busy' || facts.lastCommandMs > seenCommandMs);
  if (isUsed) return null;
  found.session.end(sessionClosed(reason));
  return facts;
}

const MAY_BE_IDLE: ReadonlySet<SessionState> = new Set(['idle', 'parked', 'pinned']);

function endIdle(core: Core, computeId: string, idleMs: number): number {
  const gate = core.gates.get(computeId);
  if (gate === undefined) return 0;
  const sinceMs = core.clock.monotonicMs() - idleMs;
  const idle = [...gate.sessions].filter(
    (session) => session.lastCommandMs <= sinceMs && MAY_BE_IDLE.has(stateOf(gate, session).state),
  );
  for (const session of idle) session.end(sessionIdle(gate.name, idleMs));
  return idle.length;
}

function find(core: Core, id: number): { readonly gate: ComputeGate; readonly session: GatedSession } | null {
  for (const gate of core.gates.values()) {
    for (const session of gate.sessions) if (session.who.connectionId === id) return { gate, session };
  }
  return null;
}

function factsOf({ ids }: Core, gate: ComputeGate, session: GatedSession): SessionFacts {
  const { computeId } = gate;
  const { connectionId, client, user, connectedMs } = session.who;
  const { lastCommandMs } = session;
  return {
    computeId,
    id: connectionId,
    client,
    user,
    ...stateOf(gate, session),
    lastCommandMs,
    connectedMs,
    backendId: ids.backendIdOf(connectionId, computeId),
  };
}

interface StateFacts extends Pick<SessionFacts, 'sinceMs' | 'why'> {
  readonly state: SessionState;
}

/** In the order in which it counts: one that is busy may have a transaction open besides. */
function stateOf({ waiting }: ComputeGate, session: GatedSession): StateFacts {
  const { lastCommandMs, busySinceMs, isParked } = session;
  if (waiting.has(session)) return { state: 'busy', sinceMs: lastCommandMs, why: 'waits for its compute' };
  if (session.isBusy) return { state: 'busy', sinceMs: isParked ? lastCommandMs : busySinceMs, why: 'runs a command' };
  if (session.isInTransaction) {
    return { state: 'transaction', sinceMs: session.transactionSinceMs, why: 'has an open transaction' };
  }
  if (session.pin !== null) return { state: 'pinned', sinceMs: busySinceMs, why: describePin(session.pin) };
  if (isParked) return { state: 'parked', sinceMs: session.parkedSinceMs, why: null };
  return { state: 'idle', sinceMs: lastCommandMs, why: null };
}
