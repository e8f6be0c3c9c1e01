import type { Socket } from 'node:net';

import type { Clock } from '../clock.ts';
import type { ComputeHost, PortRequest, SessionGate } from '../control/index.ts';
import type { Logger } from '../logger.ts';
import { blockersOf } from './blockers.ts';
import type { ComputeGate } from './compute-gate.ts';
import { createConnectionIds } from './connection-ids.ts';
import type { Core } from './core.ts';
import { gateOf } from './find-compute.ts';
import { hasUnknownSessions, lookAtSessions } from './parking/look-at-sessions.ts';
import { parkSessions } from './parking/park-sessions.ts';
import { sessionClosed } from './refusal.ts';
import { listen, type Listener, type PortRange } from './listener.ts';
import type { GatewayOptions } from './options.ts';
import { serveClient } from './serve-client.ts';
import { createThrottle } from './throttle.ts';
import { holdGate, releaseGate } from './wake.ts';

export interface GatewayDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ComputeTraffic {
  readonly sessions: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly commands: number;
}

/**
 * Where clients come in. Control needs it as a SessionGate and it needs control as a ComputeHost: it is made first,
 * without the host, and given it by `start`, before any port is opened.
 */
export interface Gateway extends SessionGate {
  /** Opens the shared port. @throws PORTS_TAKEN */
  start(host: ComputeHost): Promise<void>;
  /** The port really bound. */
  readonly sharedPort: number;
  traffic(computeId: string): ComputeTraffic;
  /** Closes every port and session. */
  shutDown(): Promise<void>;
}

const SHARED_PORT_TRIES = 100;
const MAX_PORT = 65_535;

export function createGateway({ clock, logger }: GatewayDeps, options: GatewayOptions): Gateway {
  const core: Core = {
    clock,
    logger,
    options,
    ids: createConnectionIds(),
    throttle: createThrottle(clock),
    gates: new Map(),
    connections: new Set(),
    unauthenticated: new Set(),
    host: null,
  };
  const listeners = new Map<string, Listener>();
  let shared: Listener | null = null;

  const accept = (socket: Socket, own: ComputeGate | null): void => {
    void serveClient(core, socket, own);
  };
  const listenOn = (port: number, ports: PortRange, own: ComputeGate | null): Promise<Listener> =>
    listen({ host: options.listenHost, port, ports, onConnection: (socket) => accept(socket, own) });
  const gate = (computeId: string): ComputeGate | undefined => core.gates.get(computeId);

  return {
    start: async (host) => {
      core.host = host;
      shared = await listenOn(options.sharedPort, portsAfter(options.sharedPort), null);
    },
    get sharedPort() {
      return shared?.port ?? 0;
    },
    blockers: (computeId, depth) => {
      const known = gate(computeId);
      return known === undefined ? [] : blockersOf(known, depth);
    },
    lastActivityMs: (computeId) => gate(computeId)?.lastActivityMs ?? null,
    firstIn: (computeId) => gate(computeId)?.firstIn ?? null,
    sessionCount: (computeId) => gate(computeId)?.sessions.size ?? 0,
    connectionPool: (computeId) => gate(computeId)?.pool?.state ?? null,
    traffic: (computeId) => trafficOf(gate(computeId)),
    hold: (computeId) => {
      holdGate(gateOf(core, { computeId, name: core.host?.findRoute(computeId)?.name ?? computeId }));
    },
    release: (computeId) => {
      const known = gate(computeId);
      if (known !== undefined) releaseGate(core, known);
    },
    lookAtSessions: (computeId, request) => lookAtSessions(gate(computeId), request),
    hasUnknownSessions: (computeId) => hasUnknownSessions(gate(computeId)),
    parkSessions: (computeId, reason) => {
      parkSessions(gate(computeId), reason);
    },
    endSessions: (computeId, reason) => {
      for (const session of [...(gate(computeId)?.sessions ?? [])])
        if (!session.isParked) session.end(sessionClosed(reason));
    },
    open: async (request: PortRequest) => {
      const known = listeners.get(request.id);
      if (known !== undefined) return known.port;
      const own = gateOf(core, { computeId: request.id, name: request.name });
      const listener = await listenOn(request.port, options.ports, own);
      listeners.set(request.id, listener);
      return listener.port;
    },
    close: async (computeId) => {
      const listener = listeners.get(computeId);
      listeners.delete(computeId);
      const known = gate(computeId);
      core.gates.delete(computeId);
      closeSessions(known, `compute "${known?.name ?? computeId}" is gone`);
      // Logins that wait ask once more, and are told.
      if (known !== undefined) releaseGate(core, known);
      await listener?.close();
    },
    shutDown: async () => {
      await shared?.close();
      await Promise.all([...listeners.values()].map((listener) => listener.close()));
      for (const known of core.gates.values()) closeSessions(known, 'the agent stops; connect again');
      // Logins that are under way have nothing to lose.
      for (const socket of [...core.connections]) if (!socket.writableEnded) socket.destroy();
    },
  };
}

/** Where to look when the shared port is taken: not among the computes' own ports, whose addresses are to be stable. */
function portsAfter(port: number): PortRange {
  return { from: port, to: Math.min(port + SHARED_PORT_TRIES, MAX_PORT) };
}

function closeSessions(gate: ComputeGate | undefined, reason: string): void {
  for (const session of [...(gate?.sessions ?? [])]) session.end(sessionClosed(reason));
  gate?.pool?.shutDown(sessionClosed(reason));
}

function trafficOf(gate: ComputeGate | undefined): ComputeTraffic {
  if (gate === undefined) return { sessions: 0, bytesIn: 0, bytesOut: 0, commands: 0 };
  const { sessions, bytesIn, bytesOut, commands } = gate;
  return { sessions: sessions.size, bytesIn, bytesOut, commands };
}
