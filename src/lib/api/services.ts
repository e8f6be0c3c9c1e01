import type { KeptKey } from '../store/index.ts';
import type { Caller } from './access.ts';
import type {
  AgentStatus,
  AuditView,
  BillView,
  Check,
  CloneRequest,
  ComputeDetail,
  ComputeSnapshotView,
  ComputeView,
  Connection,
  DestroyRequest,
  EventView,
  ImageBuildRequest,
  ImageView,
  NewToken,
  OperationResult,
  PoolRequest,
  PoolView,
  PushRequest,
  PushResult,
  RateCardRequest,
  RateCardView,
  Readiness,
  ProjectDeleteRequest,
  ProjectRequest,
  ProjectResult,
  ProjectView,
  ResizeRequest,
  SetRequest,
  RestartRequest,
  Self,
  SessionKill,
  SessionView,
  Setup,
  SnapshotRequest,
  SnapshotResult,
  StartRequest,
  StorageAddRequest,
  StorageSnapshotRequest,
  StorageSnapshotView,
  StorageView,
  SuspendRequest,
  TokenRequest,
  TokenView,
  TopView,
  UsageReport,
} from './contract.ts';
import type {
  AuditQuery,
  BillQuery,
  EventsQuery,
  ExportQuery,
  FollowQuery,
  ListQuery,
  LogsQuery,
  SessionsQuery,
  UsageQuery,
  WaitQuery,
} from './queries.ts';

export type { KeptKey } from '../store/index.ts';
export type * from './queries.ts';

/** What the agent does for the API's routes: they parse, call one of these, and write what it returns. */
export interface AgentServices {
  readonly agent: {
    status(): Promise<AgentStatus>;
    /** What it has logged, line by line. */
    logs(query: LogsQuery, signal: AbortSignal): AsyncIterable<string>;
    /** Begins to stop; returns at once. */
    stop(): void;
  };
  readonly computes: ComputeServices;
  readonly events: EventServices;
  readonly usage: {
    report(query: UsageQuery): Promise<UsageReport>;
    /** @throws PROJECT_NOT_FOUND, RATES_CONFLICT */
    bill(query: BillQuery): Promise<BillView>;
    /** Text in parts, each without the line end that follows it. */
    export(query: ExportQuery): AsyncIterable<string>;
    /** Ends with `gone`: the next push goes on where it stopped. @throws PUSH_REFUSED, PUSH_FAILED, VALUE_INVALID */
    push(request: PushRequest, onProgress: ReportProgress, gone: AbortSignal): Promise<PushResult>;
  };
  readonly rates: {
    /** In the order in which they were added; those that a project is billed by where one is given. */
    list(query: { readonly project: string | null }): Promise<readonly RateCardView[]>;
    /** As the next version of the name. @throws VALUE_INVALID, RATES_CONFLICT, NAME_INVALID */
    add(name: string, request: RateCardRequest): Promise<RateCardView>;
  };
  /** @param project null for all */
  top(project: string | null): Promise<TopView>;
  readonly images: {
    list(signal: AbortSignal): Promise<readonly ImageView[]>;
    build(request: ImageBuildRequest, onProgress: ReportProgress): Promise<ImageView>;
  };
  readonly pools: {
    list(): Promise<readonly PoolView[]>;
    /** Returns when it is on record: the spares are made or discarded behind it. */
    set(request: PoolRequest, onProgress: ReportProgress): Promise<PoolView>;
  };
  readonly projects: ProjectServices;
  readonly sessions: {
    /** @throws COMPUTE_NOT_FOUND */
    list(query: SessionsQuery): Promise<readonly SessionView[]>;
    /** @throws SESSION_NOT_FOUND */
    kill(id: number): Promise<SessionKill>;
  };
  readonly storage: StorageServices;
  readonly keys: KeyServices;
  readonly tags: TagServices;
  /** @throws NOT_READY with the part that is not */
  ready(): Promise<Readiness>;
  readonly tokens: TokenServices;
  /** Oldest first. */
  readonly audit: { list(query: AuditQuery): Promise<readonly AuditView[]> };
  /** Prometheus text. */
  metrics(): Promise<string>;
  doctor(signal: AbortSignal): Promise<readonly Check[]>;
  readonly setup: {
    find(signal: AbortSignal): Promise<Setup>;
    /** Installs a database server with the system's package manager, unless something can be used already. */
    install(onProgress: ReportProgress): Promise<Setup>;
  };
}

export interface TokenServices {
  self(caller: Caller): Promise<Self>;
  /** Oldest first; null is all. */
  list(project: string | null): Promise<readonly TokenView[]>;
  /** @throws TOKEN_NOT_FOUND */
  show(id: string): Promise<TokenView>;
  /** @throws NAME_INVALID, NAME_IN_USE, STATE_CONFLICT, and NOT_ALLOWED for more rights than the caller's */
  create(request: TokenRequest, caller: Caller): Promise<NewToken>;
  /** Takes effect before it returns. @throws TOKEN_NOT_FOUND */
  revoke(id: string): Promise<TokenView>;
}

export type ReportProgress = (message: string) => void;

/**
 * Operations have deadlines of their own and go on when the caller goes away. `gone` ends only a wait for a turn on a full
 * host.
 */
export interface ComputeServices {
  list(query: ListQuery): Promise<readonly ComputeView[]>;
  /** The same as JSON, for who wants nothing else of it. */
  listWritten(query: ListQuery): Promise<Uint8Array>;
  show(project: string, name: string, signal: AbortSignal): Promise<ComputeDetail>;
  connection(project: string, name: string, as: 'owner' | 'root'): Promise<Connection>;
  start(
    project: string,
    name: string,
    request: StartRequest,
    onProgress: ReportProgress,
    gone: AbortSignal,
  ): Promise<OperationResult>;
  suspend(project: string, name: string, request: SuspendRequest, onProgress: ReportProgress): Promise<OperationResult>;
  resume(project: string, name: string, onProgress: ReportProgress, gone: AbortSignal): Promise<OperationResult>;
  restart(
    project: string,
    name: string,
    request: RestartRequest,
    onProgress: ReportProgress,
    gone: AbortSignal,
  ): Promise<OperationResult>;
  resize(project: string, name: string, request: ResizeRequest, onProgress: ReportProgress): Promise<OperationResult>;
  set(project: string, name: string, request: SetRequest, onProgress: ReportProgress): Promise<OperationResult>;
  destroy(project: string, name: string, request: DestroyRequest, onProgress: ReportProgress): Promise<OperationResult>;
  /** @param name the source */
  clone(
    project: string,
    name: string,
    request: CloneRequest,
    onProgress: ReportProgress,
    gone: AbortSignal,
  ): Promise<OperationResult>;
  readonly snapshots: ComputeSnapshotServices;
  wait(project: string, name: string, query: WaitQuery, signal: AbortSignal): Promise<ComputeDetail>;
  logs(project: string, name: string, query: LogsQuery, signal: AbortSignal): AsyncIterable<string>;
}

/** Tenants: what they may use, and what they do. */
export interface ProjectServices {
  /** By name. */
  list(query: { readonly project: string | null }): Promise<readonly ProjectView[]>;
  /** @throws PROJECT_NOT_FOUND */
  show(name: string): Promise<ProjectView>;
  /** One that is there is changed as it is asked for. @throws NAME_INVALID, VALUE_INVALID */
  create(name: string, request: ProjectRequest): Promise<ProjectResult>;
  /** @throws PROJECT_NOT_FOUND, NAME_INVALID, VALUE_INVALID */
  set(name: string, request: ProjectRequest): Promise<ProjectResult>;
  /** @throws PROJECT_NOT_FOUND, PROJECT_NOT_EMPTY */
  delete(name: string, request: ProjectDeleteRequest, onProgress: ReportProgress): Promise<ProjectResult>;
}

/** What is kept of computes on volumes. */
export interface ComputeSnapshotServices {
  /** Oldest first. */
  list(project: string, name: string): Promise<readonly ComputeSnapshotView[]>;
  create(project: string, name: string, request: SnapshotRequest, onProgress: ReportProgress): Promise<SnapshotResult>;
  restore(
    project: string,
    name: string,
    snapshot: string,
    onProgress: ReportProgress,
    gone: AbortSignal,
  ): Promise<OperationResult>;
  delete(project: string, name: string, snapshot: string): Promise<SnapshotResult>;
}

/** The storage tier as it is registered and watched. */
export interface StorageServices {
  list(): Promise<readonly StorageView[]>;
  show(name: string): Promise<StorageView>;
  /** Looks now. */
  check(name: string): Promise<StorageView>;
  /** Looks first. @throws STORAGE_UNAVAILABLE, STORAGE_MISTAKEN, STORAGE_INVALID, NAME_IN_USE */
  add(name: string, request: StorageAddRequest, signal: AbortSignal): Promise<StorageView>;
  remove(name: string): Promise<void>;
  readonly snapshots: {
    list(name: string, signal: AbortSignal): Promise<readonly StorageSnapshotView[]>;
    show(name: string, id: string, signal: AbortSignal): Promise<StorageSnapshotView>;
    create(name: string, request: StorageSnapshotRequest, signal: AbortSignal): Promise<StorageSnapshotView>;
  };
}

export interface EventServices {
  list(query: EventsQuery): Promise<readonly EventView[]>;
  /**
   * Those after a sequence number, in batches as they are asked for, then those that come, until the signal aborts. An empty
   * batch says that nothing has come for a while.
   */
  follow(query: FollowQuery, signal: AbortSignal): AsyncIterable<readonly EventView[]>;
}

/** What is on record of something, for requests that depend on nothing having changed. */
export interface TagServices {
  /** Number of its last event; null where it is not there. @param params of the request's path */
  recordOf(what: 'compute' | 'project', params: unknown): number | null;
  /** Resolves when nothing is under way with it. @throws the signal's reason */
  untilQuiet(what: 'compute' | 'project', params: unknown, signal: AbortSignal): Promise<void>;
}

/** What has become of requests that came with a key, for a day. */
export interface KeyServices {
  find(scope: string): KeptKey | null;
  /** In place of what has that scope. */
  put(kept: KeptKey): void;
  forget(scope: string): void;
}
