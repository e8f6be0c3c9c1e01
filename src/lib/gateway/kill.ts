import type { ComputeGate, GatedSession } from './compute-gate.ts';
import type { Core } from './core.ts';
import { sessionClosed } from './refusal.ts';

/** A KILL of a session by the id that its client was given. */
export interface KillRequest {
  readonly id: number;
  readonly endsConnection: boolean;
  readonly computeId: string;
  /** Who asks: it may end its own sessions; of others the server decides. */
  readonly user: string;
}

export interface KillOutcome {
  /** It does not concern the server: the session had no connection to it. */
  readonly isDone: boolean;
  /** The server's id of the session, for the server's own KILL; null when it has none. */
  readonly backendId: number | null;
}

export const NOT_HERE: KillOutcome = { isDone: false, backendId: null };

/** A session of the same user that has no connection to the server, and may be ended without asking it. */
export function findOwnParked(gate: ComputeGate, user: string, connectionId: number): GatedSession | undefined {
  return [...gate.sessions].find(
    ({ who, isParked, isBusy }) => who.connectionId === connectionId && who.user === user && isParked && !isBusy,
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
