import type { ConnectionPoolState, SessionGate } from '../control/index.ts';
import type { Drained } from './drain.ts';
import type { Gateway } from './gateway.ts';
import type { ComputeActivity } from './glance.ts';
import type { GatewayHost } from './ports.ts';
import type { ClientTlsOptions } from './tls/client-tls-options.ts';

/** The gateway as the rest of the agent has it. */
export interface GatewayService extends SessionGate {
  /** Opens the shared port. @throws PORTS_TAKEN */
  start(host: GatewayHost): Promise<void>;
  /** The port really bound. */
  readonly sharedPort: number;
  /** Of every compute that has any, by its id. */
  sessionCounts(): Promise<ReadonlyMap<string, number>>;
  /**
   * Since the gateway was started, of every compute that has or had clients, by its id. A thread that was lost takes its
   * part with it.
   */
  activityCounts(): Promise<ReadonlyMap<string, ComputeActivity>>;
  /** The connections that sessions share, of every compute where they do. */
  connectionPools(): Promise<ReadonlyMap<string, ConnectionPoolState>>;
  /** Clients that come from now on get this certificate. @throws what OpenSSL says of one that is none */
  renewTls(tls: ClientTlsOptions): Promise<void>;
  /**
   * Closes every port, then every session at a safe point; when its time is over, or `hurry` aborts, wherever it is.
   */
  shutDown(hurry?: AbortSignal): Promise<Drained>;
}

/** Over a gateway in the same thread: for tests, which look into it. */
export function createGatewayService(gateway: Gateway): GatewayService {
  return {
    start: (host) => gateway.start(host),
    get sharedPort() {
      return gateway.sharedPort;
    },
    sessionCounts: () => Promise.resolve(gateway.sessionCounts()),
    takeTraffic: () => Promise.resolve(gateway.takeTraffic()),
    activityCounts: () => Promise.resolve(gateway.activityCounts()),
    connectionPools: () => Promise.resolve(gateway.connectionPools()),
    facts: (computeId) => Promise.resolve(gateway.facts(computeId)),
    hold: (computeId) => Promise.resolve(gateway.hold(computeId)),
    release: (computeId) => {
      gateway.release(computeId);
    },
    lookAtSessions: (computeId, request, signal) => gateway.lookAtSessions(computeId, request, signal),
    parkSessions: (computeId, reason) => {
      gateway.parkSessions(computeId, reason);
      return Promise.resolve();
    },
    endSessions: (computeId, reason) => {
      gateway.endSessions(computeId, reason);
    },
    sessions: (computeId) => Promise.resolve(gateway.sessions(computeId)),
    endSession: (id, request) => Promise.resolve(gateway.endSession(id, request)),
    endIdleSessions: (computeId, idleMs) => Promise.resolve(gateway.endIdleSessions(computeId, idleMs)),
    open: (request) => gateway.open(request),
    close: (computeId, reason) => gateway.close(computeId, reason),
    renewTls: async (tls) => {
      await Promise.resolve();
      gateway.renewTls(tls);
    },
    shutDown: (hurry) => gateway.shutDown(hurry),
  };
}
