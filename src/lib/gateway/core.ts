import type { Socket } from 'node:net';

import type { Clock } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';
import type { ComputeGate } from './compute-gate.ts';
import type { ConnectionIds } from './connection-ids.ts';
import type { GatewayOptions } from './options.ts';
import type { GatewayHost } from './ports.ts';
import type { Throttle } from './throttle.ts';

/** What the gateway's parts share. */
export interface Core {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: GatewayOptions;
  readonly ids: ConnectionIds;
  readonly throttle: Throttle;
  readonly gates: Map<string, ComputeGate>;
  readonly connections: Set<Socket>;
  /** Connections that have not authenticated yet. */
  readonly unauthenticated: Set<object>;
  /** Null until the gateway is started. */
  host: GatewayHost | null;
}

export function requireHost(core: Core): GatewayHost {
  if (core.host !== null) return core.host;
  throw new DozeError('AGENT_STOPPING', 'the gateway is not started');
}
