import type {
  AccountSnapshot,
  Compute,
  ComputeEvent,
  ComputeEventType,
  Pool,
  Project,
  ProjectEvent,
  ProjectEventType,
  Segment,
  Snapshot,
  Spare,
  State,
  StorageChange,
  StorageCredential,
  StorageService,
  StoredEvent,
} from '../domain/index.ts';
import type { PushRecords } from './push-records.ts';
import type { RateRecords } from './rate-records.ts';
import type { SegmentFilter } from './segment-filter.ts';
import type { AuditRecords, TokenRecords } from './access-records.ts';
import type { TrafficDelta, UsageRecords } from './usage-records.ts';

/**
 * The agent's state. Synchronous: every call is a short SQLite transaction. `append` is the only way a compute
 * or a segment changes; secrets, accounts, heartbeats and meta are observations beside the log.
 */
export interface Store
  extends
    StorageRecords,
    SnapshotRecords,
    PoolRecords,
    UsageRecords,
    RateRecords,
    PushRecords,
    KeyRecords,
    TokenRecords,
    AuditRecords {
  /** Random id of this home, made at the first open: labels of instances carry it. */
  readonly homeId: string;

  /**
   * Appends one event and its projections in one durable transaction.
   * @throws STATE_CONFLICT when the lifecycle does not allow it; then nothing is written.
   */
  append(computeId: string, event: ComputeEvent, atMs: number): Compute;

  /**
   * The same for what happens to a project itself; it has no compute's id.
   * @throws STATE_CONFLICT when it is there already, or not there
   */
  appendToProject(name: string, event: ProjectEvent, atMs: number): Project;
  /** Also one that is deleted. */
  getProject(name: string): Project | null;
  /** By name; those that are not deleted. */
  listProjects(): readonly Project[];

  getCompute(id: string): Compute | null;
  /** The one that is not destroyed. */
  findCompute(project: string, name: string): Compute | null;
  /** Destroyed, data still kept; the latest if there are several. */
  findRestorable(project: string, name: string): Compute | null;
  /** Destroyed, whether or not its data is kept; the latest if there are several. Looks through all that ever were. */
  findDestroyed(project: string, name: string): Compute | null;
  listComputes(filter?: ComputeFilter): readonly Compute[];
  /** Another number whenever any compute may have changed: what was made of them before is still right while it is the same. */
  computesVersion(): number;

  /** Oldest first, by sequence number. */
  listEvents(filter: EventFilter): readonly StoredEvent[];

  /**
   * Segments that touch [fromMs, toMs): those that began before it, then by compute and start. Streams, as there
   * may be a million.
   */
  segments(filter: SegmentFilter): Iterable<Segment>;
  openSegment(computeId: string): Segment | null;

  /** Last proof of life of open segments, and what clients did since the one before: one write for all of it. */
  heartbeat(beats: readonly Heartbeat[], traffic?: HourlyTraffic): void;
  lastHeartbeat(segmentId: number): Heartbeat | null;

  putSecrets(computeId: string, secrets: Secrets): void;
  getSecrets(computeId: string): Secrets | null;
  /** And its accounts: all by which somebody could log in. */
  deleteSecrets(computeId: string): void;

  putAccounts(computeId: string, snapshot: AccountSnapshot): void;
  getAccounts(computeId: string): AccountSnapshot | null;

  getMeta(key: string): string | null;
  setMeta(key: string, value: string): void;

  /**
   * Rebuilds computes and segments from the log alone, and roll-ups from these, and says whether they equal what is stored.
   */
  verify(): { readonly isConsistent: boolean; readonly differences: readonly string[] };

  close(): void;
}

export interface ComputeFilter {
  readonly project?: string;
  readonly states?: readonly State[];
  /** Default false. All that there ever were: their number has no bound. */
  readonly includeDestroyed?: boolean;
  /** Only destroyed ones whose data is still there. */
  readonly onlyKept?: boolean;
}

export interface EventFilter {
  readonly computeId?: string;
  readonly project?: string;
  readonly types?: readonly (ComputeEventType | ProjectEventType)[];
  readonly afterSeq?: number;
  /** With a limit the newest are kept, still oldest first, unless `afterSeq` is given. */
  readonly limit?: number;
}

export interface Heartbeat {
  readonly segmentId: number;
  readonly wallMs: number;
  /** Length of the segment so far, by the monotonic clock. */
  readonly lengthMs: number;
  /** Identity of the machine's boot: within one, monotonic times are comparable across processes. */
  readonly bootId: string;
  readonly monotonicMs: number;
}

/** Counts in the hour of this instant. */
export interface HourlyTraffic {
  readonly atMs: number;
  readonly deltas: readonly TrafficDelta[];
}

export interface Secrets {
  readonly rootPassword: string;
  readonly userPassword: string;
  readonly agentPassword: string;
}

/** What is kept of computes' data, or is about to be, or not any more. */
export interface SnapshotRecords {
  /** In place of what has that id. */
  putSnapshot(snapshot: Snapshot): void;
  /** Oldest first; of every compute where none is given. */
  listSnapshots(computeId?: string): readonly Snapshot[];
  deleteSnapshot(id: string): void;
}

/** The warm pool: what is wanted, and what there is. */
export interface PoolRecords {
  /** In place of the one of that image; one of size 0 is none. */
  putPool(pool: Pool): void;
  listPools(): readonly Pool[];
  /** In place of what has that id. */
  putSpare(spare: Spare): void;
  /** Oldest first. */
  listSpares(): readonly Spare[];
  deleteSpare(id: string): void;
}

/** Requests that came with a key of their caller's, so that repeating them does nothing twice. */
export interface KeyRecords {
  /** Null if there is none, or it is of before `sinceMs`. */
  findKey(scope: string, sinceMs: number): KeptKey | null;
  /** In place of what has that scope; those of before `sinceMs`, and the oldest of too many, are forgotten. */
  putKey(kept: KeptKey, sinceMs: number): void;
  forgetKey(scope: string): void;
}

export interface KeptKey {
  /** Whose it is, and the key. */
  readonly scope: string;
  /** Tells its request from others. */
  readonly fingerprint: string;
  /** Id of the operation. */
  readonly operation: string;
  readonly atMs: number;
  /** As JSON; null until it has ended. */
  readonly outcome: string | null;
}

/** The storage tier as it is registered. */
export interface StorageRecords {
  /** Under its name, in place of what had that name. */
  putStorageService(service: StorageService, credential: StorageCredential | null): void;
  /** By name. */
  listStorageServices(): readonly RegisteredStorage[];
  /** With its history. */
  deleteStorageService(name: string): void;
  /** Also forgets every change before `keepSinceMs`. */
  appendStorageChange(change: StorageChange, keepSinceMs: number): void;
  /** Oldest first; of every service where `name` is null. */
  listStorageChanges(filter: { readonly name: string | null; readonly sinceMs: number }): readonly StorageChange[];
}

export interface RegisteredStorage {
  readonly service: StorageService;
  readonly credential: StorageCredential | null;
}
