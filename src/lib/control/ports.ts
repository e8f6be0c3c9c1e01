import type { AccountSnapshot, Depth, PageServerStorage } from '../domain/index.ts';
import type { Endpoint } from '../drivers/index.ts';
import type { RoutineEffects } from '../engines/index.ts';
import type { ConnectionPoolSettings, ConnectionPoolState } from './connection-pool.ts';

/** What the gateway does for the control plane. Every call is synchronous, so that check and hold are one step. */
export interface SessionGate {
  /** Why the compute may not go to this depth now; empty when nothing forbids it. */
  blockers(computeId: string, depth: Depth): readonly Blocker[];
  /** Monotonic time of the last client activity, or null if there was none since the agent started. */
  lastActivityMs(computeId: string): number | null;
  sessionCount(computeId: string): number;
  /** Null where sessions share no connections. */
  connectionPool(computeId: string): ConnectionPoolState | null;
  /** What the first client after the last wake waited for on top of it; null if none has come. */
  firstIn(computeId: string): { readonly handshakeMs: number; readonly loginMs: number } | null;
  /** From now on no new command goes to the server: commands and logins wait for `release`. */
  hold(computeId: string): void;
  /** Forwards again; what waits asks the control plane for a wake first if the compute is not active. */
  release(computeId: string): void;
  /**
   * Finds out what every session has at the server that may have to go, as far as that is not known; the server runs
   * and nothing goes to it. Afterwards the blockers of deep depths are all that there are, unless it was not wanted any more.
   */
  lookAtSessions(computeId: string, request: LookRequest): Promise<void>;
  /** Whether a session's state is not known, so that it has to be looked at before its server goes. */
  hasUnknownSessions(computeId: string): boolean;
  /**
   * Before the server goes: sessions give back their connections to it and stay with their clients. Those that cannot be
   * carried over end with an error packet.
   */
  parkSessions(computeId: string, reason: string): void;
  /** The server went away: ends every session that has a connection to it, with a proper error packet. */
  endSessions(computeId: string, reason: string): void;
  /** Makes the compute reachable on its port. @returns the port really bound, another one if it was taken. */
  open(compute: PortRequest): Promise<number>;
  /** Closes its port and sessions. */
  close(computeId: string): Promise<void>;
}

export interface LookRequest {
  /** Whether the server has something by which a session may hold what no look would find. */
  readonly mayHideState: boolean;
  readonly isStillWanted: () => boolean;
}

/** One reason why a compute is awake, for idle decisions and for `compute show`. */
export interface Blocker {
  readonly kind: 'commandInFlight' | 'openTransaction' | 'login' | 'pinned';
  readonly client: string;
  readonly sinceMs: number;
  /** Of one that is pinned, with the session as its subject: `holds a temporary table`. */
  readonly why?: string;
}

/** What the control plane does for the gateway. */
export interface ComputeHost {
  findRoute(computeId: string): Route | null;
  /** For the shared port's `user.compute`; the default project's name may be left out, else `user.compute.project`. */
  findRouteByName(name: string, project: string | null): Route | null;
  /** Synchronous fast path: where the server answers, or null unless active and not held. */
  activeEndpoint(computeId: string): Endpoint | null;
  /**
   * The endpoint of an active compute, waking it if need be: single flight, all callers get its outcome.
   * @throws WAKE_TIMED_OUT, SERVER_START_FAILED, COMPUTE_NOT_FOUND and what drivers throw
   */
  wake(computeId: string, signal: AbortSignal): Promise<Endpoint>;
  /** While its wake waits for a turn on a full host: what for, as `waits for 0.5 CU: ...`; else null. */
  whyWaiting(computeId: string): string | null;
  accounts(computeId: string): AccountSnapshot | null;
  /** Reads the accounts from the running server, at most once in a short while; the stored ones if asleep. */
  refreshAccounts(computeId: string): Promise<AccountSnapshot | null>;
  /** What statements may do to their sessions by way of routines of the running server; the worst if that cannot be read. */
  readRoutineEffects(computeId: string): Promise<RoutineEffects>;
}

export interface Route {
  readonly computeId: string;
  readonly name: string;
  readonly project: string;
  /** As last seen, null before the first start. */
  readonly serverVersion: string | null;
  /** Null where each session has a connection of its own. */
  readonly connectionPool: ConnectionPoolSettings | null;
}

/** What the control plane asks of the storage tier. */
export interface StorageTier {
  /**
   * Returns when the services can serve a compute: at once where that is known and fresh.
   * @param patienceMs how long a tier that is coming back is waited for
   * @throws STORAGE_UNAVAILABLE, STORAGE_NOT_FOUND, the signal's reason
   */
  pass(storage: PageServerStorage, patienceMs: number, signal: AbortSignal): Promise<void>;
  /** Where an instance finds them: the Page Server, and the Safekeeper that leads. */
  urlsOf(storage: PageServerStorage): { readonly pageServer: string; readonly safekeeper: string };
}

/** Which compute wants to be reachable where. */
export interface PortRequest {
  readonly id: string;
  readonly name: string;
  readonly port: number;
}
