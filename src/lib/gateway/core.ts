import type { Socket } from 'node:net';

import type { Clock } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';
import type { TrafficDelta } from '../store/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import { createConnectionIds, type ConnectionIds } from './connection-ids.ts';
import type { KillOutcome, KillRequest } from './kill-request.ts';
import type { GatewayOptions } from './options.ts';
import type { GatewayHost } from './ports.ts';
import type { PoolChange } from './pool/pool-change.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { createServerTls, type ServerTls } from './tls/server-tls.ts';

export interface GatewayDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Left out where all clients come to this thread. */
  readonly neighbours?: Neighbours | null;
}

/** What the gateway's parts share. */
export interface Core {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: GatewayOptions;
  readonly ids: ConnectionIds;
  readonly throttle: Throttle;
  readonly gates: Map<string, ComputeGate>;
  /** Of gates that have gone: what the ledger has not been told yet. */
  readonly leftTraffic: TrafficDelta[];
  readonly connections: Set<{ readonly socket: Socket }>;
  /** Null: clients are not offered TLS. */
  tls: ServerTls | null;
  /** Connections that have not authenticated yet. */
  readonly unauthenticated: Set<object>;
  /** Null where all clients come to this thread. */
  readonly neighbours: Neighbours | null;
  /** Null until the gateway is started. */
  host: GatewayHost | null;
}

/** The other threads that clients come to. */
export interface Neighbours {
  /** Whether a client of theirs was given this id. */
  has(id: number): boolean;
  /** Never rejects: of a thread that has gone nothing is there. */
  kill(request: KillRequest): Promise<KillOutcome>;
  /** What a session of this thread did concerns the connections that sessions of theirs share. */
  notePoolChange(computeId: string, change: PoolChange): void;
}

export function createCore({ clock, logger, neighbours = null }: GatewayDeps, options: GatewayOptions): Core {
  return {
    clock,
    logger,
    options,
    ids: createConnectionIds(options.slot),
    throttle: createThrottle(clock),
    gates: new Map(),
    leftTraffic: [],
    connections: new Set(),
    tls: options.tls === null ? null : createServerTls(options.tls),
    unauthenticated: new Set(),
    neighbours,
    host: null,
  };
}

export function requireHost(core: Core): GatewayHost {
  if (core.host !== null) return core.host;
  throw new DozeError('AGENT_STOPPING', 'the gateway is not started');
}
