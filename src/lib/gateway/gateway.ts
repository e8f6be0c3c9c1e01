import type { ConnectionPoolState, GateFacts, LookRequest, PortRequest } from '../control/index.ts';
import { blockersAt, type Blocker, type Depth } from '../domain/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import { createCore, type GatewayDeps } from './core.ts';
import { drain, type Drained } from './drain.ts';
import { gateOf } from './find-compute.ts';
import { factsOf, poolsOf, activityCounts, trafficOf, type ComputeActivity, type ComputeTraffic } from './glance.ts';
import type { KillOutcome, KillRequest } from './kill-request.ts';
import { killHere } from './kill.ts';
import { lookAtSessions } from './parking/look-at-sessions.ts';
import { parkSessions } from './parking/park-sessions.ts';
import type { PoolChange } from './pool/pool-change.ts';
import { sessionClosed } from './refusal.ts';
import { createListeners } from './listeners.ts';
import { createSessionBook, type SessionBook } from './session-book.ts';
import type { GatewayOptions } from './options.ts';
import type { GatewayHost } from './ports.ts';
import type { TrafficDelta } from '../store/index.ts';
import type { ClientTlsOptions } from './tls/client-tls-options.ts';
import { createServerTls } from './tls/server-tls.ts';
import { leaveTraffic, takeTraffic } from './traffic.ts';
import { holdGate, releaseGate } from './wake.ts';

/**
 * Where clients come in, on one thread. Control and it need each other: it is made first, without the host, and given it
 * by `start`, before any port is opened. What it says and does of its sessions is one step each, without a pause.
 */
export interface Gateway extends SessionBook {
  /**
   * Opens the shared port.
   * @param joined the port that it has to be, on which other threads may listen already
   * @throws PORTS_TAKEN
   */
  start(host: GatewayHost, joined?: number): Promise<void>;
  /** The port really bound. */
  readonly sharedPort: number;
  facts(computeId: string): GateFacts;
  /** Those of the facts that forbid this depth. */
  blockers(computeId: string, depth: Depth): readonly Blocker[];
  lastActivityMs(computeId: string): number | null;
  sessionCount(computeId: string): number;
  /** Null where sessions share no connections. */
  connectionPool(computeId: string): ConnectionPoolState | null;
  /** Of every compute that has any, by its id. */
  sessionCounts(): ReadonlyMap<string, number>;
  /** Of every compute whose sessions share connections. */
  connectionPools(): ReadonlyMap<string, ConnectionPoolState>;
  /** A session of another thread did something to all connections of its compute. */
  notePoolChange(computeId: string, change: PoolChange): void;
  traffic(computeId: string): ComputeTraffic;
  /** See `SessionGate`. */
  takeTraffic(): readonly TrafficDelta[];
  /** Of every compute that has or had clients, by its id. */
  activityCounts(): ReadonlyMap<string, ComputeActivity>;
  /** See `SessionGate` for these. */
  hold(computeId: string): GateFacts;
  release(computeId: string): void;
  lookAtSessions(computeId: string, request: LookRequest, signal?: AbortSignal): Promise<void>;
  parkSessions(computeId: string, reason: string): void;
  endSessions(computeId: string, reason: string): void;
  /** @param isJoined whether it has to be that port, on which other threads may listen already */
  open(compute: PortRequest, isJoined?: boolean): Promise<number>;
  /** For a session of another thread. */
  kill(request: KillRequest): KillOutcome;
  close(computeId: string, reason?: string): Promise<void>;
  /** Clients that come from now on get this certificate. @throws what OpenSSL says of one that is none */
  renewTls(tls: ClientTlsOptions): void;
  /** Closes every port, and sessions go on. They are free for others when it returns. */
  stopListening(): Promise<void>;
  /** Closes every port, then every session at a safe point; when its time is over, or `hurry` aborts, wherever it is. */
  shutDown(hurry?: AbortSignal): Promise<Drained>;
}

export function createGateway(deps: GatewayDeps, options: GatewayOptions): Gateway {
  const core = createCore(deps, options);
  const listeners = createListeners(core);
  const gate = (computeId: string): ComputeGate | undefined => core.gates.get(computeId);

  return {
    ...createSessionBook(core),
    start: async (host, joined) => {
      core.host = host;
      await listeners.openShared(joined);
    },
    get sharedPort() {
      return listeners.sharedPort;
    },
    facts: (computeId) => factsOf(gate(computeId)),
    blockers: (computeId, depth) => blockersAt(factsOf(gate(computeId)).blockers, depth),
    lastActivityMs: (computeId) => gate(computeId)?.lastActivityMs ?? null,
    sessionCounts: () => new Map([...core.gates.values()].map(({ computeId, sessions }) => [computeId, sessions.size])),
    sessionCount: (computeId) => gate(computeId)?.sessions.size ?? 0,
    connectionPool: (computeId) => gate(computeId)?.pool?.state ?? null,
    connectionPools: () => poolsOf(core.gates.values()),
    notePoolChange: (computeId, change) => {
      gate(computeId)?.pool?.note(change);
    },
    traffic: (computeId) => trafficOf(gate(computeId)),
    takeTraffic: () => takeTraffic(core),
    activityCounts: () => activityCounts(core.gates.values()),
    renewTls: (tls) => {
      core.tls = createServerTls(tls);
    },
    hold: (computeId) => {
      const held = gate(computeId) ?? gateOf(core, { computeId, name: computeId });
      holdGate(held);
      return factsOf(held);
    },
    release: (computeId) => {
      const known = gate(computeId);
      if (known !== undefined) releaseGate(core, known);
    },
    lookAtSessions: async (computeId, request, signal) => {
      const known = gate(computeId);
      if (known !== undefined) await lookAtSessions(known, request, signal);
    },
    parkSessions: (computeId, reason) => {
      parkSessions(gate(computeId), reason);
    },
    endSessions: (computeId, reason) => {
      for (const session of [...(gate(computeId)?.sessions ?? [])])
        if (!session.isParked) session.end(sessionClosed(reason));
    },
    open: (request, isJoined = false) => listeners.open(request, isJoined),
    close: async (computeId, reason) => {
      const listener = listeners.take(computeId);
      const known = gate(computeId);
      core.gates.delete(computeId);
      closeSessions(known, reason ?? `compute "${known?.name ?? computeId}" is gone`);
      if (known !== undefined) leaveTraffic(core, known);
      // Logins that wait ask once more, and are told.
      if (known !== undefined) releaseGate(core, known);
      await listener?.close();
    },
    kill: (request) => killHere(core, request),
    stopListening: () => listeners.close(),
    shutDown: async (hurry) => {
      await listeners.close();
      return drain(core, hurry);
    },
  };
}

function closeSessions(gate: ComputeGate | undefined, reason: string): void {
  for (const session of [...(gate?.sessions ?? [])]) session.end(sessionClosed(reason));
  gate?.pool?.shutDown(sessionClosed(reason));
}
