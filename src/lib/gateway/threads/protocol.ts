import type {
  ConnectionPoolState,
  EndRequest,
  GateFacts,
  LookRequest,
  PortRequest,
  Route,
  SessionFacts,
} from '../../control/index.ts';
import type { AccountName, AccountSnapshot } from '../../domain/index.ts';
import type { Endpoint } from '../../drivers/index.ts';
import type { RoutineEffects } from '../../engines/index.ts';
import type { LogFacts, Logger } from '../../logger.ts';
import type { TrafficDelta } from '../../store/index.ts';
import type { Drained } from '../drain.ts';
import type { ComputeActivity } from '../glance.ts';
import type { KillOutcome, KillRequest } from '../kill-request.ts';
import type { PoolChange } from '../pool/pool-change.ts';
import type { ClientTlsOptions } from '../tls/client-tls-options.ts';

/**
 * All that a gateway's thread and the main thread say to each other, as plain data. A call that is not here does not cross;
 * a new one is a line here and one in `worker.ts` or `thread.ts`.
 */

/** What a thread does when it is asked. */
export interface ThreadCalls {
  /** See `Gateway` for these. @param joined null where there is none. @returns the port */
  start(joined: number | null): number;
  open(request: PortRequest, isJoined: boolean): number;
  close(computeId: string, reason?: string): void;
  /** With a bounded number of blockers, as for `hold`. */
  facts(computeId: string): GateFacts;
  hold(computeId: string): GateFacts;
  release(computeId: string): void;
  lookAtSessions(computeId: string, request: LookRequest): void;
  parkSessions(computeId: string, reason: string): void;
  endSessions(computeId: string, reason: string): void;
  sessionCounts(): ReadonlyMap<string, number>;
  takeTraffic(): readonly TrafficDelta[];
  activityCounts(): ReadonlyMap<string, ComputeActivity>;
  connectionPools(): ReadonlyMap<string, ConnectionPoolState>;
  /** Of a session of another thread. */
  notePoolChange(computeId: string, change: PoolChange): void;
  kill(request: KillRequest): KillOutcome;
  sessions(computeId: string | null): readonly SessionFacts[];
  endSession(id: number, request: EndRequest): SessionFacts | null;
  endIdleSessions(computeId: string, idleMs: number): number;
  renewTls(tls: ClientTlsOptions): void;
  stopListening(): void;
  shutDown(): LastWords;
  /** Sessions have no more time to come to a safe point. */
  hurry(): void;
}

export interface LastWords {
  readonly drained: Drained;
  /** What the ledger has not been told yet. */
  readonly traffic: readonly TrafficDelta[];
}

/** What the main thread does when it is asked. */
export interface MainCalls {
  findRoute(computeId: string): Route | null;
  findRouteByName(name: string, project: string | null): Route | null;
  activeEndpoint(computeId: string): Endpoint | null;
  wake(computeId: string): Endpoint;
  whyWaiting(computeId: string): string | null;
  admit(computeId: string, id: number, account?: AccountName | null): void;
  leave(id: number): void;
  accounts(computeId: string): AccountSnapshot | null;
  refreshAccounts(computeId: string): AccountSnapshot | null;
  readRoutineEffects(computeId: string): RoutineEffects;
  /** For the other threads. */
  notePoolChange(computeId: string, change: PoolChange): void;
  /** Of a session of another thread. */
  kill(request: KillRequest): KillOutcome;
  log(level: keyof Logger, facts: LogFacts, message: string): void;
}
