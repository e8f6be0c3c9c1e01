import type { ComputeGate, GatedSession } from './compute-gate.ts';
import type { Core } from './core.ts';
import type { KillOutcome, KillRequest } from './kill-request.ts';
import { sessionClosed } from './refusal.ts';

/**
 * A session of the same user that has no connection to the server, and may be ended without asking it: also one that waits
 * for one of those that its compute's sessions share.
 */
export function findOwnParked(gate: ComputeGate, user: string, connectionId: number): GatedSession | undefined {
  return [...gate.sessions].find(
    ({ who, isParked, isBusy }) =>
      who.connectionId === connectionId && who.user === user && isParked && (!isBusy || gate.pool !== null),
  );
}

export function endParked(gate: ComputeGate, user: string, connectionId: number): void {
  findOwnParked(gate, user, connectionId)?.end(sessionClosed('Connection was killed'));
}

/** For a session of another thread. */
export function killHere(core: Core, { id, computeId, user, endsConnection }: KillRequest): KillOutcome {
  const gate = core.gates.get(computeId);
  if (gate !== undefined && findOwnParked(gate, user, id) !== undefined) {
    if (endsConnection) endParked(gate, user, id);
    return { isDone: true, backendId: null };
  }
  return { isDone: false, backendId: core.ids.backendIdOf(id, computeId) };
}
