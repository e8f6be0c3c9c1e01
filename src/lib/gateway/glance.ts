import type { ConnectionPoolState, GateFacts } from '../control/index.ts';
import { blockersOf } from './blockers.ts';
import type { ComputeGate } from './compute-gate.ts';
import { hasUnknownSessions } from './parking/look-at-sessions.ts';

const NOBODY: GateFacts = {
  sessions: 0,
  lastActivityMs: null,
  firstIn: null,
  blockers: [],
  hasUnknownSessions: false,
  connections: null,
};

export interface ComputeActivity {
  readonly sessions: number;
  /** Since its gate was made. */
  readonly commands: number;
}

export interface ComputeTraffic extends ComputeActivity {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What is true of a compute's clients at this moment. */
export function factsOf(gate: ComputeGate | undefined): GateFacts {
  if (gate === undefined) return NOBODY;
  return {
    sessions: gate.sessions.size,
    lastActivityMs: gate.lastActivityMs,
    firstIn: gate.firstIn,
    blockers: blockersOf(gate),
    hasUnknownSessions: hasUnknownSessions(gate),
    connections: gate.pool?.state ?? null,
  };
}

export function trafficOf(gate: ComputeGate | undefined): ComputeTraffic {
  if (gate === undefined) return { sessions: 0, bytesIn: 0, bytesOut: 0, commands: 0 };
  const { sessions, bytesIn, bytesOut, commands } = gate;
  return { sessions: sessions.size, bytesIn, bytesOut, commands };
}

/** Of every compute that has or had clients, by its id. */
export function activityCounts(gates: Iterable<ComputeGate>): ReadonlyMap<string, ComputeActivity> {
  const counts = new Map<string, ComputeActivity>();
  for (const { computeId, sessions, commands } of gates)
    if (sessions.size > 0 || commands > 0) counts.set(computeId, { sessions: sessions.size, commands });
  return counts;
}

export function poolsOf(gates: Iterable<ComputeGate>): ReadonlyMap<string, ConnectionPoolState> {
  const pools = new Map<string, ConnectionPoolState>();
  for (const { computeId, pool } of gates) if (pool !== null) pools.set(computeId, pool.state);
  return pools;
}
