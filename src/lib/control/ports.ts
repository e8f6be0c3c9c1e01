import type {
  AccountName,
  AccountSnapshot,
  Blocker,
  Compute,
  PageServerStorage,
  SessionState,
} from '../domain/index.ts';
import type { Endpoint } from '../drivers/index.ts';
import type { RoutineEffects } from '../engines/index.ts';
import type { TrafficDelta } from '../store/index.ts';
import type { ConnectionPoolSettings, ConnectionPoolState } from './connection-pool.ts';

/**
 * What the gateway does for the control plane, which it may be a message away from. What a question found can be otherwise
 * by the time its answer is read, except while the gate is held: then no command begins.
 */
export interface SessionGate {
  facts(computeId: string): Promise<GateFacts>;
  /**
   * From now on no new command goes to the server: commands and logins wait for `release`.
   * @returns the facts at that very moment, so that to check and to hold is one step
   */
  hold(computeId: string): Promise<GateFacts>;
  /** Forwards again; what waits asks the control plane for a wake first if the compute is not active. */
  release(computeId: string): void;
  /**
   * Finds out what every session has at the server that may have to go, as far as that is not known; the server runs
   * and nothing goes to it. Afterwards the facts have all blockers of deep depths, unless it was not wanted any more.
   */
  lookAtSessions(computeId: string, request: LookRequest, signal?: AbortSignal): Promise<void>;
  /**
   * Before the server goes: sessions give back their connections to it and stay with their clients. Those that cannot be
   * carried over end with an error packet.
   */
  parkSessions(computeId: string, reason: string): Promise<void>;
  /** The server went away: ends every session that has a connection to it, with a proper error packet. */
  endSessions(computeId: string, reason: string): void;
  /** What clients did since the last time; what was taken is not told again. */
  takeTraffic(): Promise<readonly TrafficDelta[]>;
  /** Every session of a compute, or of all; asking disturbs none. */
  sessions(computeId: string | null): Promise<readonly SessionFacts[]>;
  /**
   * Ends one session with an error packet, as a KILL does, wherever it is: its server need not run.
   * @returns what it was at that moment; null when there is none of that id, or it is not wanted any more
   */
  endSession(id: number, request: EndRequest): Promise<SessionFacts | null>;
  /** Ends sessions of a compute that had no command for so long and have no transaction open. @returns how many */
  endIdleSessions(computeId: string, idleMs: number): Promise<number>;
  /** Makes the compute reachable on its port. @returns the port really bound, another one if it was taken. */
  open(compute: PortRequest): Promise<number>;
  /** Closes its port, and ends its sessions with this sentence; left out, they hear that it is gone. */
  close(computeId: string, reason?: string): Promise<void>;
}

/** What is true of a compute's clients. */
export interface GateFacts {
  readonly sessions: number;
  /** Monotonic time of the last client activity, or null if there was none since the agent started. */
  readonly lastActivityMs: number | null;
  /** What the first client after the last wake waited for on top of it; null if none has come. */
  readonly firstIn: {
    readonly handshakeMs: number;
    readonly loginMs: number;
    /** Monotonic time of that wake, as the gateway saw it. */
    readonly wokenMs: number;
  } | null;
  /** Why it may not go to the deepest depths; see `blockersAt` for the others. */
  readonly blockers: readonly Blocker[];
  /** Whether a session's state is not known, so that it has to be looked at before its server goes. */
  readonly hasUnknownSessions: boolean;
  /** Of the connections that its sessions share; null where they share none, or none has come. */
  readonly connections: ConnectionPoolState | null;
}

/** One client's session. All times are monotonic. */
export interface SessionFacts {
  readonly computeId: string;
  /** The connection id that its client was given. */
  readonly id: number;
  /** Address and port. */
  readonly client: string;
  readonly user: string;
  readonly state: SessionState;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  /** When its last command came; before the first, when it was let in. Pings do not count. */
  readonly lastCommandMs: number;
  readonly connectedMs: number;
  /** Why it keeps its compute, with the session as its subject: `holds a temporary table`; null if it does not. */
  readonly why: string | null;
  /** The server's id of its connection; null while it has none. */
  readonly backendId: number | null;
}

export interface EndRequest {
  /** For the client. */
  readonly reason: string;
  /** It is not wanted any more once the session had a command since; left out, it is wanted whatever it does. */
  readonly seenCommandMs?: number;
}

export interface LookRequest {
  /** Whether the server has something by which a session may hold what no look would find. */
  readonly mayHideState: boolean;
  /** It is not wanted any more once a client was active since; left out, it is wanted whoever comes. */
  readonly seenActivityMs?: number | null;
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
  /**
   * A client has authenticated and is to become a session of this id; it is asked before anything is woken for it. Its place
   * is its own until `leave`.
   * @param account whose it is; null where only the server can tell
   * @throws TOO_MANY_SESSIONS, PROJECT_SESSIONS_EXCEEDED; by the accounts as last read ACCOUNT_LIMIT_REACHED,
   * TOO_MANY_USER_CONNECTIONS
   */
  admit(computeId: string, id: number, account?: AccountName | null): void;
  /** The session, or what was to become one, has ended. */
  leave(id: number): void;
  accounts(computeId: string): AccountSnapshot | null;
  /**
   * Reads the accounts from the running server, no earlier than it is asked for and at most once in a short while, which is
   * waited for; the stored ones if asleep.
   */
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
  /** In PEM: what its server shows to whom speaks TLS with it; null where it has no reason to speak it. */
  readonly certificate: string | null;
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
  /** What the tier says that the data of a compute, one of all that there are, takes; null where it does not. */
  storageBytes(compute: Compute, all: readonly Compute[]): number | null;
}

/** Which compute wants to be reachable where. */
export interface PortRequest {
  readonly id: string;
  readonly name: string;
  readonly port: number;
}
