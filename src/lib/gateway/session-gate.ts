import type { ComputeHost, SessionGate } from '../control/index.ts';
import type { Gateway } from './gateway.ts';

/** The gateway as the rest of the agent has it. */
export interface GatewayService extends SessionGate {
  /** Opens the shared port. @throws PORTS_TAKEN */
  start(host: ComputeHost): Promise<void>;
  /** The port really bound. */
  readonly sharedPort: number;
  /** Of every compute that has any, by its id. */
  sessionCounts(): Promise<ReadonlyMap<string, number>>;
  /** Closes every port and session. */
  shutDown(): Promise<void>;
}

/** Over a gateway in the same thread. */
export function createGatewayService(gateway: Gateway): GatewayService {
  return {
    start: (host) => gateway.start(host),
    get sharedPort() {
      return gateway.sharedPort;
    },
    sessionCounts: () => Promise.resolve(gateway.sessionCounts()),
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
    close: (computeId) => gateway.close(computeId),
    shutDown: () => gateway.shutDown(),
  };
}
