import type {
  AccountSnapshot,
  AuditEntry,
  Compute,
  ComputeEvent,
  ComputeEventType,
  Pool,
  Segment,
  Snapshot,
  Spare,
  State,
  StorageChange,
  StorageCredential,
  StorageService,
  StoredAuditEntry,
  StoredEvent,
  Token,
} from '../domain/index.ts';

/**
 * The agent's state. Synchronous: every call is a short SQLite transaction. `append` is the only way a compute
 * or a segment changes; secrets, accounts, heartbeats and meta are observations beside the log.
 */
export interface Store extends StorageRecords, SnapshotRecords, PoolRecords, TokenRecords, AuditRecords {
  /** Random id of this home, made at the first open: labels of instances carry it. */
  readonly homeId: string;

  /**
   * Appends one event and its projections in one durable transaction.
   * @throws STATE_CONFLICT when the lifecycle does not allow it; then nothing is written.
   */
  append(computeId: string, event: ComputeEvent, atMs: number): Compute;

  getCompute(id: string): Compute | null;
  /** The one that is not destroyed. */
  findCompute(project: string, name: string): Compute | null;
  /** Destroyed, data still kept; the latest if there are several. */
  findRestorable(project: string, name: string): Compute | null;
  listComputes(filter?: ComputeFilter): readonly Compute[];

  /** Oldest first, by sequence number. */
  listEvents(filter: EventFilter): readonly StoredEvent[];

  /**
   * Segments that touch [fromMs, toMs): those that began before it, then by compute and start. Streams, as there
   * may be a million.
   */
  segments(filter: SegmentFilter): Iterable<Segment>;
  /**
   * Adds up the closed segments that lie wholly inside [fromMs, toMs), one sum a compute: a million of them
   * handed out one by one take seconds, added up where they lie half a second.
   */
  sumSegments(filter: SegmentFilter): readonly SegmentSum[];
  /** The others that touch [fromMs, toMs), or may: still open, or reaching over an edge of it. */
  edgeSegments(filter: SegmentFilter): readonly Segment[];
  openSegment(computeId: string): Segment | null;

  /** Last proof of life of an open segment: one write for all of them. */
  heartbeat(beats: readonly Heartbeat[]): void;
  lastHeartbeat(segmentId: number): Heartbeat | null;

  putSecrets(computeId: string, secrets: Secrets): void;
  getSecrets(computeId: string): Secrets | null;
  deleteSecrets(computeId: string): void;

  putAccounts(computeId: string, snapshot: AccountSnapshot): void;
  getAccounts(computeId: string): AccountSnapshot | null;

  getMeta(key: string): string | null;
  setMeta(key: string, value: string): void;

  /** Rebuilds computes and segments from the log alone, and says whether they equal what is stored. */
  verify(): { readonly isConsistent: boolean; readonly differences: readonly string[] };

  close(): void;
}

export interface ComputeFilter {
  readonly project?: string;
  readonly states?: readonly State[];
  /** Default false. */
  readonly includeDestroyed?: boolean;
}

export interface EventFilter {
  readonly computeId?: string;
  readonly project?: string;
  readonly types?: readonly ComputeEventType[];
  readonly afterSeq?: number;
  /** With a limit the newest are kept, still oldest first, unless `afterSeq` is given. */
  readonly limit?: number;
}

export interface SegmentFilter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly project?: string;
  readonly computeId?: string;
  readonly computeName?: string;
}

export interface SegmentSum {
  readonly computeId: string;
  readonly computeName: string;
  readonly project: string;
  readonly activeMs: number;
  /** Asleep with the process kept. */
  readonly frozenMs: number;
  readonly hibernatedMs: number;
  /** Sum of CU x milliseconds: a multiple of a quarter. */
  readonly cuMs: number;
  /** Segments that a wake opened. */
  readonly wakes: number;
  /** First and last instant of activity; null if it only slept. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
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

/** Tokens of the API, each with SHA-256 of its secret: of 256 random bits nothing slower is needed. */
export interface TokenRecords {
  /** In place of what has that id; when and from where it was used last stays. */
  putToken(token: Token, hash: Uint8Array): void;
  /** Oldest first. */
  listTokens(): readonly StoredToken[];
  useToken(id: string, atMs: number, from: string): void;
  deleteToken(id: string): void;
}

export interface StoredToken {
  readonly token: Token;
  readonly hash: Uint8Array;
}

/** Who did what through the API. */
export interface AuditRecords {
  /** In one transaction. @returns the sequence number of the last */
  appendAudit(entries: readonly AuditEntry[]): number;
  finishAudit(seq: number, outcome: Pick<AuditEntry, 'status' | 'code'>): void;
  /** Oldest first; with a limit the newest, unless `afterSeq` is given. */
  listAudit(filter: AuditFilter): readonly StoredAuditEntry[];
  /** Forgets what is older, and the oldest of what is more. */
  pruneAudit(keepSinceMs: number, maxEntries: number): void;
}

export interface AuditFilter {
  readonly project?: string;
  readonly tokenId?: string;
  /** Only what was refused or failed. */
  readonly isFailed?: boolean;
  readonly afterSeq?: number;
  readonly limit: number;
}
