import type {
  AgentStatus,
  Check,
  CloneRequest,
  ComputeDetail,
  ComputeSnapshotView,
  ComputeView,
  Connection,
  DestroyRequest,
  ImageBuildRequest,
  ImageView,
  OperationResult,
  PoolRequest,
  PoolView,
  ResizeRequest,
  SetRequest,
  RestartRequest,
  SessionKill,
  SessionView,
  Setup,
  SnapshotRequest,
  SnapshotResult,
  StartRequest,
  SuspendRequest,
  TopView,
} from '../contract.ts';
import { createEventCalls, type EventCalls } from './event-calls.ts';
import { createProjectCalls, type ProjectCalls } from './project-calls.ts';
import { createAccessCalls, type AccessCalls } from './access-calls.ts';
import { createSocketLink, type Link } from './link.ts';
import { createRateCalls, createUsageCalls, type RateCalls, type UsageCalls } from './money-calls.ts';
import { createStorageCalls, type StorageCalls } from './storage-calls.ts';
import type { OnProgress } from './stream.ts';
import { createTransport, type CallOptions, type Transport } from './transport.ts';

export type { OnProgress } from './stream.ts';
export type { CallOptions } from './transport.ts';

/** The agent of this machine by its socket, or any by a link. */
export type ApiClientOptions = ({ readonly socketPath: string } | { readonly link: Link }) & {
  /** Of this program: an agent of another version is refused. */
  readonly version: string;
};

export interface ComputeListQuery {
  readonly project?: string;
  /** With destroyed ones whose data is still kept. */
  readonly destroyed?: boolean;
}

export type ConnectionAs = 'owner' | 'root';

export interface WaitQuery {
  readonly state?: ComputeView['state'];
  readonly timeoutSeconds?: number;
}

export interface LogQuery {
  readonly tail?: number;
  readonly follow?: boolean;
}

export interface SessionQuery {
  readonly project?: string;
  readonly compute?: string;
}

/**
 * The agent's API as functions. Every call throws the agent's own errors, and AGENT_UNREACHABLE,
 * AGENT_VERSION_MISMATCH, TIMED_OUT, or the reason of an aborted signal.
 */
export interface ApiClient {
  readonly agent: {
    /** Of an agent of any version. */
    status(options?: CallOptions): Promise<AgentStatus>;
    /** Line by line; with `follow` it goes on until the signal aborts. */
    logs(query?: LogQuery, options?: CallOptions): AsyncIterable<string>;
    /** Asks an agent of any version to stop; its computes go on. Returns when it has agreed. */
    stop(options?: CallOptions): Promise<void>;
  };
  readonly computes: ComputeCalls;
  readonly events: EventCalls;
  readonly usage: UsageCalls;
  readonly rates: RateCalls;
  /** All computes at one look; of one project where it is given. */
  top(query?: { readonly project?: string }, options?: CallOptions): Promise<TopView>;
  readonly images: {
    list(options?: CallOptions): Promise<ImageView[]>;
    build(request: ImageBuildRequest, onProgress?: OnProgress, options?: CallOptions): Promise<ImageView>;
  };
  readonly pools: {
    list(options?: CallOptions): Promise<PoolView[]>;
    set(request: PoolRequest, onProgress?: OnProgress, options?: CallOptions): Promise<PoolView>;
  };
  readonly projects: ProjectCalls;
  readonly sessions: {
    list(query?: SessionQuery, options?: CallOptions): Promise<SessionView[]>;
    kill(id: number, options?: CallOptions): Promise<SessionKill>;
  };
  readonly storage: StorageCalls;
  readonly access: AccessCalls;
  /** Prometheus text. */
  metrics(options?: CallOptions): Promise<string>;
  doctor(options?: CallOptions): Promise<Check[]>;
  readonly setup: {
    /** What a new compute would run on, and what could be installed if there is nothing. */
    find(options?: CallOptions): Promise<Setup>;
    install(onProgress?: OnProgress, options?: CallOptions): Promise<Setup>;
  };
  /** Ends connections that are kept for the next call. */
  close(): void;
}

export interface ComputeCalls {
  list(query?: ComputeListQuery, options?: CallOptions): Promise<ComputeView[]>;
  show(project: string, name: string, options?: CallOptions): Promise<ComputeDetail>;
  connection(project: string, name: string, as?: ConnectionAs, options?: CallOptions): Promise<Connection>;
  start: Operation<StartRequest>;
  suspend: Operation<SuspendRequest>;
  resume: Operation<Record<string, never>>;
  restart: Operation<RestartRequest>;
  resize: Operation<ResizeRequest>;
  set: Operation<SetRequest>;
  destroy: Operation<DestroyRequest>;
  /** Of the source; its result is the new compute's. */
  clone: Operation<CloneRequest>;
  readonly snapshots: SnapshotCalls;
  wait(project: string, name: string, query?: WaitQuery, options?: CallOptions): Promise<ComputeDetail>;
  /** Line by line; with `follow` it goes on until the signal aborts. */
  logs(project: string, name: string, query?: LogQuery, options?: CallOptions): AsyncIterable<string>;
}

/** Of computes on volumes. */
export interface SnapshotCalls {
  list(project: string, name: string, options?: CallOptions): Promise<ComputeSnapshotView[]>;
  create: Operation<SnapshotRequest, SnapshotResult>;
  restore(
    project: string,
    name: string,
    snapshot: string,
    onProgress?: OnProgress,
    options?: CallOptions,
  ): Promise<OperationResult>;
  delete(project: string, name: string, snapshot: string, options?: CallOptions): Promise<SnapshotResult>;
}

/** Goes on in the agent when the caller goes away. */
export type Operation<Request, Result = OperationResult> = (
  project: string,
  name: string,
  request: Request,
  onProgress?: OnProgress,
  options?: CallOptions,
) => Promise<Result>;

/** How much longer than the agent's own deadline a caller waits for the answer that it passed. */
const WAIT_MARGIN_MS = 5_000;
const DEFAULT_WAIT_SECONDS = 60;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const link = 'link' in options ? options.link : createSocketLink(options.socketPath);
  const transport = createTransport({ link, version: options.version });
  return {
    agent: {
      status: (call) => transport.get('/agent', {}, { ...call, anyVersion: true }),
      logs: (query = {}, call) => transport.lines('/agent/logs', { ...query }, query.follow === true, call),
      stop: async (call) => {
        await transport.post('/agent/stop', {}, { ...call, anyVersion: true });
      },
    },
    computes: createComputeCalls(transport),
    events: createEventCalls(transport),
    usage: createUsageCalls(transport),
    rates: createRateCalls(transport),
    top: (query = {}, call) => transport.get('/top', { ...query }, call),
    images: {
      list: (call) => transport.get('/images', {}, call),
      build: (request, onProgress, call) => transport.stream('/images/build', request, onProgress, call),
    },
    pools: {
      list: (call) => transport.get('/pools', {}, call),
      set: (request, onProgress, call) => transport.stream('/pools', request, onProgress, call),
    },
    projects: createProjectCalls(transport),
    sessions: {
      list: (query = {}, call) => transport.get('/sessions', { ...query }, call),
      kill: (id, call) => transport.post(`/sessions/${id}/kill`, {}, call),
    },
    storage: createStorageCalls(transport),
    access: createAccessCalls(transport),
    metrics: (call) => transport.text('/metrics', call),
    doctor: (call) => transport.get('/doctor', {}, call),
    setup: {
      find: (call) => transport.get('/setup', {}, call),
      install: (onProgress, call) => transport.stream('/setup/install', {}, onProgress, call),
    },
    close: () => transport.close(),
  };
}

function createComputeCalls(transport: Transport): ComputeCalls {
  const operation =
    <Request extends object>(verb: string): Operation<Request> =>
    (project, name, request, onProgress, call) =>
      transport.stream(`${computePath(project, name)}/${verb}`, request, onProgress, call);
  return {
    list: (query = {}, call) => transport.get('/computes', { ...query }, call),
    show: (project, name, call) => transport.get(computePath(project, name), {}, call),
    connection: (project, name, as = 'owner', call) =>
      transport.get(`${computePath(project, name)}/connection`, { as }, call),
    start: operation('start'),
    suspend: operation('suspend'),
    resume: operation('resume'),
    restart: operation('restart'),
    resize: operation('resize'),
    set: operation('set'),
    destroy: operation('destroy'),
    clone: operation('clone'),
    snapshots: createSnapshotCalls(transport),
    wait: (project, name, query = {}, call) => {
      const timeoutSeconds = query.timeoutSeconds ?? DEFAULT_WAIT_SECONDS;
      const timeoutMs = timeoutSeconds * 1000 + WAIT_MARGIN_MS;
      return transport.get(`${computePath(project, name)}/wait`, { ...query, timeoutSeconds }, { timeoutMs, ...call });
    },
    logs: (project, name, query = {}, call) =>
      transport.lines(`${computePath(project, name)}/logs`, { ...query }, query.follow === true, call),
  };
}

function createSnapshotCalls(transport: Transport): SnapshotCalls {
  const path = (project: string, name: string): string => `${computePath(project, name)}/snapshots`;
  const one = (project: string, name: string, snapshot: string): string =>
    `${path(project, name)}/${encodeURIComponent(snapshot)}`;
  return {
    list: (project, name, call) => transport.get(path(project, name), {}, call),
    create: (project, name, request, onProgress, call) =>
      transport.stream(path(project, name), request, onProgress, call),
    restore: (project, name, snapshot, onProgress, call) =>
      transport.stream(`${one(project, name, snapshot)}/restore`, {}, onProgress, call),
    delete: (project, name, snapshot, call) =>
      transport.stream(`${one(project, name, snapshot)}/delete`, {}, undefined, call),
  };
}

function computePath(project: string, name: string): string {
  return `/computes/${encodeURIComponent(project)}/${encodeURIComponent(name)}`;
}
