import type { Socket } from 'node:net';

import type { Clock } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';
import type { ComputeGate } from './compute-gate.ts';
import { createConnectionIds, type ConnectionIds } from './connection-ids.ts';
import type { GatewayOptions } from './options.ts';
import type { GatewayHost } from './ports.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { createServerTls, type ServerTls } from './tls/server-tls.ts';

/** What the gateway's parts share. */
export interface Core {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: GatewayOptions;
  readonly ids: ConnectionIds;
  readonly throttle: Throttle;
  readonly gates: Map<string, ComputeGate>;
  readonly connections: Set<{ readonly socket: Socket }>;
  /** Null: clients are not offered TLS. */
  tls: ServerTls | null;
  /** Connections that have not authenticated yet. */
  readonly unauthenticated: Set<object>;
  /** Null until the gateway is started. */
  host: GatewayHost | null;
}

export function createCore(clock: Clock, logger: Logger, options: GatewayOptions): Core {
  return {
    clock,
    logger,
    options,
    ids: createConnectionIds(),
    throttle: createThrottle(clock),
    gates: new Map(),
    connections: new Set(),
    tls: options.tls === null ? null : createServerTls(options.tls),
    unauthenticated: new Set(),
    host: null,
  };
}

export function requireHost(core: Core): GatewayHost {
  if (core.host !== null) return core.host;
  throw new DozeError('AGENT_STOPPING', 'the gateway is not started');
}
