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

export interface ComputeTraffic {
  readonly sessions: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly commands: number;
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
export function trafficCounts(gates: Iterable<ComputeGate>): ReadonlyMap<string, ComputeTraffic> {
  const counts = new Map<string, ComputeTraffic>();
  for (const gate of gates)
    if (gate.sessions.size > 0 || gate.commands > 0) counts.set(gate.computeId, trafficOf(gate));
  return counts;
}

export function poolsOf(gates: Iterable<ComputeGate>): ReadonlyMap<string, ConnectionPoolState> {
  const pools = new Map<string, ConnectionPoolState>();
  for (const { computeId, pool } of gates) if (pool !== null) pools.set(computeId, pool.state);
  return pools;
}
