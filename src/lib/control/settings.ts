import type { DriverName, Ladder, SizeRange } from '../domain/index.ts';
import type { Driver, PrepareRequest, VerbContext } from '../drivers/index.ts';

/** Compute units that may be awake at once; null is no limit. */
export interface HostLimits {
  /** On this machine, by all drivers whose instances it carries. */
  readonly here: number | null;
  /** On each host that a driver has elsewhere. */
  readonly elsewhere: number | null;
}

export interface ControlSettings {
  readonly driver: DriverName | 'auto';
  /** Of a new compute. */
  readonly size: SizeRange;
  /** How long a smaller size must have been enough before a compute is made smaller. */
  readonly scaleDownAfterMs: number;
  readonly hostLimits: HostLimits;
  /** How a new compute goes down while nobody uses it. */
  readonly ladder: Ladder;
  /** Of a new compute, see `ComputeSpec`; null is never, or none. */
  readonly endPinnedAfterMs: number | null;
  readonly maxSessions: number | null;
  readonly sessionIdleTimeoutMs: number | null;
  /** Sessions of all computes of a project; null is as many as come. */
  readonly maxProjectSessions: number | null;
  /** How long what runs of a project goes on after that has used up what it may. */
  readonly quotaGraceMs: number;
  /** Part of the host's memory below which idle computes go deeper early. */
  readonly memoryReserve: number;
  /** How long the data of a destroyed compute is kept. */
  readonly keepDestroyedMs: number;
  /** Inclusive range of the computes' own ports. */
  readonly gatewayPorts: { readonly from: number; readonly to: number };
  /** Version line of new computes' engine; null for the driver's choice. */
  readonly engineVersion: string | null;
  readonly image: string | null;
  /** How long a session waits for one of the connections that it shares with others. */
  readonly connectionWaitMs: number;
  /** Deadlines of the driver's verbs, and of a server that recovers before it answers. */
  readonly prepareTimeoutMs: number;
  readonly verbTimeoutMs: number;
  readonly readyTimeoutMs: number;
  /** Of a copy of a compute's data. */
  readonly copyTimeoutMs: number;
  /** How long a start waits for its turn on a full host; a client at the gateway has a deadline of its own. */
  readonly turnTimeoutMs: number;
  /** How long a start waits for a storage tier that cannot serve it at this moment. */
  readonly storagePatienceMs: number;
}

export const DEFAULT_TIMEOUTS = {
  prepareTimeoutMs: 15 * 60_000,
  verbTimeoutMs: 120_000,
  copyTimeoutMs: 60 * 60_000,
  /** Crash recovery of a large database takes minutes; clients at the gateway have a deadline of their own. */
  readyTimeoutMs: 10 * 60_000,
  /** Twice the usual idle time. */
  turnTimeoutMs: 10 * 60_000,
  /** An election takes seconds; with the last look it is to end before the 10 s after which mysql2 gives up. */
  storagePatienceMs: 6_000,
} as const;

export interface DriverRegistry {
  /** @throws NO_DRIVER when this host does not have it. */
  get(name: DriverName): Driver;
  /**
   * For a new compute: the one asked for, or for `auto` the best that can run it here and now, for which it may have
   * to be prepared.
   * @throws NO_DRIVER, and what `probe` of the one asked for finds
   */
  choose(wanted: DriverName | 'auto', request: PrepareRequest, context: VerbContext): Promise<Driver>;
  all(): readonly Driver[];
}
