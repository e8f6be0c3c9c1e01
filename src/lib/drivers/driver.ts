import type { Depth, DriverName } from '../domain/index.ts';
import type { Endpoint, Instance, InstanceChange, InstanceId, InstanceSpec, InstanceUsage } from './instance.ts';

export type * from './instance.ts';

/**
 * What every driver does, and all that the control plane knows of it. Each verb is idempotent: asking for
 * what is already so succeeds. Each takes a signal that carries its deadline; when it aborts, the verb
 * rejects with the signal's reason and the next call may find the work half done and must finish it.
 * One conformance suite (test/contract) runs on every driver.
 */
export interface Driver {
  readonly name: DriverName;
  readonly capabilities: DriverCapabilities;

  /** Whether this driver can be used here and now. Never throws: what is wrong is in the answer. */
  probe(signal: AbortSignal): Promise<DriverHealth>;

  /**
   * Finds (pulling if need be) what a new compute of this engine and version would run, and has its data
   * template ready, initialised once.
   * @throws ENGINE_VERSION_UNKNOWN, IMAGE_UNAVAILABLE, SERVER_BINARY_MISSING, DOCKER_UNAVAILABLE, DOCKER_FORBIDDEN
   */
  prepare(request: PrepareRequest, context: VerbContext): Promise<Prepared>;

  /**
   * Makes the instance with its data: a copy of the template if there is no data yet, else the data as it is.
   * The server is not running afterwards unless it already was. One that is there under another name gets this one.
   */
  create(spec: InstanceSpec, context: VerbContext): Promise<void>;

  /**
   * Brings the server up from any depth (`removed` included: the instance is made anew from `spec`), and
   * returns as soon as it was launched or thawed; readiness is the caller's business, by a real query.
   * @throws INSTANCE_LOST when the data is gone: an empty database in its place would hide the loss.
   */
  start(spec: InstanceSpec, context: StartContext): Promise<Endpoint>;

  /** The server that `start` launched answers: what it was lent for its start is taken back. Never throws, nor waits. */
  noteReady(id: InstanceId): void;

  /**
   * Takes the instance down to `depth`, from any shallower one. Except for frozen and hibernated the server is
   * shut down cleanly first; resolves when it has really ended. A deeper instance is left as it is. One that was to
   * hibernate and could not is left frozen, and the outcome says why.
   */
  suspend(id: InstanceId, depth: Depth, context: VerbContext): Promise<SuspendOutcome>;

  /**
   * Gives a running instance the CPU and memory limits of another size; nobody is interrupted. One that does not run gets
   * them at its next start. Nothing to do for a driver without limits.
   * @throws RESIZE_REFUSED when they cannot be had: the instance keeps those it has
   */
  resize(id: InstanceId, cu: number, context: VerbContext): Promise<void>;

  /** What a running instance has used, or null if it does not run or the driver cannot tell. */
  usage(id: InstanceId, signal: AbortSignal): Promise<InstanceUsage | null>;

  /** Ends the instance at once, keeping its data. */
  remove(id: InstanceId, context: VerbContext): Promise<void>;

  /** Deletes instance and data. */
  purge(id: InstanceId, context: VerbContext): Promise<void>;

  /** The instance as it is now, or null if there is none (its data may exist all the same). */
  inspect(id: InstanceId, signal: AbortSignal): Promise<Instance | null>;

  /**
   * Every instance that carries our home's label, whatever the store knows. How one ended may be left out: whoever acts on it
   * inspects it first.
   */
  list(signal: AbortSignal): Promise<readonly Instance[]>;

  /**
   * Copies data to where none is, or in place of what is there, and only as a whole: until it is done, `to` is what it
   * was. Shares blocks where the file system can. No server may write to either; `from` may be frozen, and is then
   * copied as it would be found after a power cut. The next start of a compute with copied data runs its `initSql`.
   * A copy that is done is not done again. One that fails leaves nothing of a new snapshot; after an interruption the
   * same request takes it up, and `removeSnapshot` or `purge` ends it.
   * @throws STATE_CONFLICT while a server runs on either, INSTANCE_LOST or SNAPSHOT_LOST when `from` is gone, DISK_FULL,
   * CLONE_UNSUPPORTED when `from` points at files outside of itself
   */
  copyData(request: CopyRequest, context: VerbContext): Promise<CopyOutcome>;

  /** Deletes what a snapshot keeps, whole or not. */
  removeSnapshot(snapshot: SnapshotRef, context: VerbContext): Promise<void>;

  /** The data of every snapshot of our home, whatever the store knows. */
  listSnapshots(signal: AbortSignal): Promise<readonly SnapshotData[]>;

  /** Compute ids whose data exists here, with or without an instance. */
  listData(signal: AbortSignal): Promise<readonly string[]>;

  /**
   * Tells about instances that end or change without our asking. Reconnects by itself until disposed. One that hears
   * nothing before it is connected says `resync` as soon as it is.
   */
  watch(listener: (change: InstanceChange) => void): Disposable;

  /** The server's log, oldest first, a line each. With `follow` it goes on until the signal aborts, then ends quietly. */
  logs(id: InstanceId, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;

  /** Bytes the compute's data takes, or null if this driver cannot tell cheaply. */
  storageBytes(id: InstanceId, signal: AbortSignal): Promise<number | null>;

  close(): Promise<void>;
}

/** Whose data: a compute's own where the snapshot is null, else what that snapshot of it keeps. */
export interface DataRef {
  readonly computeId: InstanceId;
  readonly snapshotId: string | null;
}

export interface SnapshotRef extends DataRef {
  readonly snapshotId: string;
}

export interface SnapshotData extends SnapshotRef {
  /** False: a copy that was begun and not finished. */
  readonly isComplete: boolean;
}

export interface CopyRequest {
  readonly from: DataRef;
  readonly to: DataRef;
  /** Tells this copy from every other: letters and digits. */
  readonly copyId: string;
  /** Of the compute that `to` belongs to. */
  readonly spec: InstanceSpec;
}

export interface CopyOutcome {
  /** Size of the data. */
  readonly bytes: number;
  /** Whether blocks are shared with the original, so that the copy takes room only for what changes. */
  readonly isCopyOnWrite: boolean;
}

export interface SuspendOutcome {
  /** Whether the shutdown was clean, so that the next start needs no crash recovery. */
  readonly isClean: boolean;
  /** Where the instance now is. Shallower than asked for only when there is a shortfall. */
  readonly depth: Depth;
  /** Why it is frozen and not hibernated, for people; else null. */
  readonly shortfall: string | null;
}

export interface DriverCapabilities {
  /**
   * Depths that differ on this driver, shallowest first. A deeper one than it has means the deepest it has.
   * `hibernated` comes and goes with what the host has, as last looked at: at the first use, by each probe and suspend.
   */
  readonly depths: readonly Depth[];
  /** Whether CPU and memory limits are enforced. */
  readonly limits: boolean;
  /** Whether its instances take this machine's memory, and not that of another one or of a VM. */
  readonly isOnThisHost: boolean;
  /** Whether it runs instances that keep nothing. */
  readonly stateless: boolean;
}

export interface DriverHealth {
  readonly isUsable: boolean;
  /** For people: `Docker 20.10.24 at unix:///var/run/docker.sock`, `mariadbd 10.11.19 at /usr/sbin/mariadbd`. */
  readonly summary: string;
  /** Set when not usable. */
  readonly problem: {
    readonly code: 'DOCKER_UNAVAILABLE' | 'DOCKER_FORBIDDEN' | 'SERVER_BINARY_MISSING' | 'INTERNAL';
    readonly message: string;
    readonly hint: string;
  } | null;
  /** Null where the driver cannot hibernate on any host, or could not look. */
  readonly hibernation: HibernationHealth | null;
}

/** Whether instances can be hibernated here. */
export interface HibernationHealth {
  readonly isPossible: boolean;
  /** For people: which way is used, or what is missing. */
  readonly summary: string;
  /** What would make it possible, a command to type where there is one; null when it is. */
  readonly hint: string | null;
}

export interface PrepareRequest {
  /** Version line asked for, such as `10.11`; null for the driver's choice. */
  readonly version: string | null;
  /** Image asked for; null for the driver's choice. Ignored by drivers without images. */
  readonly image: string | null;
  /** For an instance that keeps nothing: the image is asked for by name, and no template is made. */
  readonly isStateless: boolean;
}

export interface Prepared {
  /** Null for drivers without images. */
  readonly image: string | null;
  /** Version line, such as `10.11`. */
  readonly version: string;
  /**
   * What an instance would be made from, and how: the same for two that are alike, another one as soon as the image, the
   * template or the driver's own way of making them is another.
   */
  readonly recipe: string;
}

export interface LogOptions {
  readonly tail: number;
  readonly follow: boolean;
}

export interface VerbContext {
  /** Aborts at the deadline with TIMED_OUT. */
  readonly signal: AbortSignal;
  /** Steps worth showing to somebody who waits. */
  readonly onProgress: (message: string) => void;
}

export interface StartContext extends VerbContext {
  readonly listener?: StartListener;
}

/** Hears a server come up, also after `start` has returned. Nothing may depend on it: a log may be unreadable. */
export interface StartListener {
  /** A server was launched. Not for one that runs, nor for one that is thawed. */
  onLaunched(): void;
  /** A line of its log, soon after it was written. */
  onLine(line: string): void;
  /** Ends the listening. */
  readonly signal: AbortSignal;
}
