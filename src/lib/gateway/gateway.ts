import type { Socket } from 'node:net';

import type { Clock } from '../clock.ts';
import type { GateFacts, LookRequest, PortRequest } from '../control/index.ts';
import { blockersAt, type Blocker, type Depth } from '../domain/index.ts';
import type { Logger } from '../logger.ts';
import type { ComputeGate } from './compute-gate.ts';
import { createCore } from './core.ts';
import { gateOf } from './find-compute.ts';
import { factsOf, trafficOf, type ComputeTraffic } from './glance.ts';
import { lookAtSessions } from './parking/look-at-sessions.ts';
import { parkSessions } from './parking/park-sessions.ts';
import { sessionClosed } from './refusal.ts';
import { createSessionBook, type SessionBook } from './session-book.ts';
import { listen, type Listener, type PortRange } from './listener.ts';
import type { GatewayOptions } from './options.ts';
import type { GatewayHost } from './ports.ts';
import { serveClient } from './serve-client.ts';
import type { ClientTlsOptions } from './tls/client-tls-options.ts';
import { createServerTls } from './tls/server-tls.ts';
import { holdGate, releaseGate } from './wake.ts';

export interface GatewayDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Where clients come in, on one thread. Control and it need each other: it is made first, without the host, and given it
 * by `start`, before any port is opened. What it says and does of its sessions is one step each, without a pause.
 */
export interface Gateway extends SessionBook {
  /** Opens the shared port. @throws PORTS_TAKEN */
  start(host: GatewayHost): Promise<void>;
  /** The port really bound. */
  readonly sharedPort: number;
  facts(computeId: string): GateFacts;
  /** Those of the facts that forbid this depth. */
  blockers(computeId: string, depth: Depth): readonly Blocker[];
  lastActivityMs(computeId: string): number | null;
  sessionCount(computeId: string): number;
  /** Of every compute that has any, by its id. */
  sessionCounts(): ReadonlyMap<string, number>;
  traffic(computeId: string): ComputeTraffic;
  /** See `SessionGate` for these. */
  hold(computeId: string): GateFacts;
  release(computeId: string): void;
  lookAtSessions(computeId: string, request: LookRequest, signal?: AbortSignal): Promise<void>;
  parkSessions(computeId: string, reason: string): void;
  endSessions(computeId: string, reason: string): void;
  open(compute: PortRequest): Promise<number>;
  close(computeId: string): Promise<void>;
  /** Clients that come from now on get this certificate. @throws what OpenSSL says of one that is none */
  renewTls(tls: ClientTlsOptions): void;
  /** Closes every port and session. */
  shutDown(): Promise<void>;
}

const SHARED_PORT_TRIES = 100;
const MAX_PORT = 65_535;

export function createGateway({ clock, logger }: GatewayDeps, options: GatewayOptions): Gateway {
  const core = createCore(clock, logger, options);
  const listeners = new Map<string, Listener>();
  let shared: Listener | null = null;

  const accept = (socket: Socket, own: ComputeGate | null): void => {
    void serveClient(core, socket, own);
  };
  const listenOn = (port: number, ports: PortRange, own: ComputeGate | null): Promise<Listener> =>
    listen({ host: options.listenHost, port, ports, onConnection: (socket) => accept(socket, own) });
  const gate = (computeId: string): ComputeGate | undefined => core.gates.get(computeId);

  return {
    ...createSessionBook(core),
    start: async (host) => {
      core.host = host;
      shared = await listenOn(options.sharedPort, portsAfter(options.sharedPort), null);
    },
    get sharedPort() {
      return shared?.port ?? 0;
    },
    facts: (computeId) => factsOf(gate(computeId)),
    blockers: (computeId, depth) => blockersAt(factsOf(gate(computeId)).blockers, depth),
    lastActivityMs: (computeId) => gate(computeId)?.lastActivityMs ?? null,
    sessionCounts: () => new Map([...core.gates.values()].map(({ computeId, sessions }) => [computeId, sessions.size])),
    sessionCount: (computeId) => gate(computeId)?.sessions.size ?? 0,
    traffic: (computeId) => trafficOf(gate(computeId)),
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
      for (const { socket } of [...core.connections]) if (!socket.writableEnded) socket.destroy();
    },
  };
}

/** Where to look when the shared port is taken: not among the computes' own ports, whose addresses are to be stable. */
function portsAfter(port: number): PortRange {
  return { from: port, to: Math.min(port + SHARED_PORT_TRIES, MAX_PORT) };
}

function closeSessions(gate: ComputeGate | undefined, reason: string): void {
  for (const session of [...(gate?.sessions ?? [])]) session.end(sessionClosed(reason));
}
