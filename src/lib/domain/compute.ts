import type { Depth } from './depth.ts';
import type { Ladder } from './ladder.ts';
import type { Lease } from './lease.ts';
import type { Size } from './size.ts';

export const STATES = [
  'creating',
  'active',
  'suspending',
  'suspended',
  'resuming',
  'destroying',
  'destroyed',
  'failed',
] as const;
export type State = (typeof STATES)[number];

export type EngineName = 'mariadb';
export type DriverName = 'docker' | 'process' | 'fake';

/** What is fixed or set by a person; the rest of a compute follows from its events. */
export interface ComputeSpec {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly engine: EngineName;
  /** Version line asked for, such as `10.11`; null takes whatever the driver has. */
  readonly engineVersion: string | null;
  readonly driver: DriverName;
  /** Image reference for drivers with images, resolved once at creation. */
  readonly image: string | null;
  readonly size: Size;
  /** The first rung of its ladder: idle time before a suspend; null is never. */
  readonly suspendAfterMs: number | null;
  readonly suspendDepth: Depth;
  /** The rungs below; left out by a compute of before there were any. */
  readonly deeper?: Ladder;
  /**
   * For how long a session without a command may keep it from going deeper by an open transaction or the like, before it is
   * ended; null or left out is for ever.
   */
  readonly endPinnedAfterMs?: number | null;
  /** How many sessions it may have, parked ones too; null or left out is as many as come. */
  readonly maxSessions?: number | null;
  /** For how long a session may be without a command, outside of a transaction, before it ends; null or left out is for ever. */
  readonly sessionIdleTimeoutMs?: number | null;
  /** The gateway's port for this compute. */
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Where its data lives if the instance keeps nothing; left out for a volume of its own. */
  readonly storage?: PageServerStorage;
  /** Set where its sessions share connections to its server; null is not any more. */
  readonly connectionPool?: ConnectionPool | null;
  /** Set on one that took a spare of the warm pool: the server that it meets at its first start knows no owner yet. */
  readonly fromPool?: true;
  /** Whose data it began with; left out by one that began empty. */
  readonly clonedFrom?: CloneSource;
  /** Of an ephemeral one; null is kept for good by now, left out was never ephemeral. */
  readonly lease?: Lease | null;
}

/** At most so many connections; null is a share of those that the server takes at its size. */
export interface ConnectionPool {
  readonly size: number | null;
}

export interface CloneSource {
  readonly computeId: string;
  readonly name: string;
  /** Null: as the source was at that moment. */
  readonly snapshotId: string | null;
}

/** How a copy of a compute's data went. */
export interface CopyFacts {
  readonly bytes: number;
  /** Whether it shares blocks with the original, and takes room only for what changes. */
  readonly isCopyOnWrite: boolean;
  /** Of a clean shutdown; else the first start recovers it from the log. */
  readonly isClean: boolean;
  /** Set if it is of a running server whose writes were held: no table is in the middle of one. */
  readonly areWritesHeld?: boolean;
  /** How long the original was frozen for it; null where it was asleep anyway. */
  readonly frozenMs: number | null;
  readonly tookMs: number;
}

/** A copy that has been asked for and is not on record as done. */
export interface PendingRestore {
  readonly snapshotId: string;
  readonly copyId: string;
}

/** Names of registered storage services. */
export interface PageServerStorage {
  readonly pageServer: string;
  readonly safekeepers: string;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The server's last log lines. */
  readonly logTail: readonly string[];
  readonly atMs: number;
  /** Failures in a row; a wake after n of them waits longer. */
  readonly count: number;
}

/** How long the parts of one wake took, in milliseconds, in order. */
export interface WakeRecord {
  readonly atMs: number;
  readonly cause: StartCause;
  readonly fromDepth: Depth | null;
  readonly totalMs: number;
  readonly phasesMs: Readonly<Record<string, number>>;
  /** The parts of the server's own start, which lies across `driver`, `listen` and `login`; as far as its log was heard. */
  readonly serverPhasesMs?: Readonly<Record<string, number>>;
}

/** `create`: first start; `resume`: somebody asked; `wake`: a client came; `adopt`: found running, or kept running by a suspend that was turned back. */
export type StartCause = 'create' | 'resume' | 'wake' | 'adopt';
/**
 * Before its time: `memory`, as the host was short of it, `room`, as somebody waited to start, or `quota`, as its project
 * had used up what it may.
 */
export type SuspendReason = 'idle' | 'request' | 'restart' | 'memory' | 'room' | 'quota';

/** Depths that hold on to memory or swap, and so are metered. */
export type SleepDepth = 'frozen' | 'hibernated';

export interface Compute extends ComputeSpec {
  readonly state: State;
  /** Set while suspended, and while suspending (the target) or resuming (where from). */
  readonly depth: Depth | null;
  /** Since when it is in this state. */
  readonly stateSinceMs: number;
  readonly createdAtMs: number;
  /** Version the server last said it has, such as `10.11.19-MariaDB-deb12`; null before the first start. */
  readonly serverVersion: string | null;
  readonly failure: Failure | null;
  readonly lastWake: WakeRecord | null;
  readonly wakes: number;
  readonly destroyedAtMs: number | null;
  /** Until when a destroyed compute's data is kept; null when it is purged or not destroyed. */
  readonly keptUntilMs: number | null;
  /** Of a clone: how its data came; left out until it has. */
  readonly copied?: CopyFacts;
  /** While it is being put back to a snapshot, which goes before any start. */
  readonly restoring?: PendingRestore;
  /** Sequence number of the last event applied. */
  readonly seq: number;
}

/** How a compute goes down while nobody uses it. */
export function ladderOf(compute: Pick<ComputeSpec, 'suspendAfterMs' | 'suspendDepth' | 'deeper'>): Ladder {
  const { suspendAfterMs, suspendDepth, deeper = [] } = compute;
  return suspendAfterMs === null ? [] : [{ depth: suspendDepth, afterMs: suspendAfterMs }, ...deeper];
}

/** A ladder as a compute keeps it. One that never sleeps keeps how deep a suspend by hand goes. */
export function rungsOf(
  ladder: Ladder,
  byHand: Depth,
): Required<Pick<ComputeSpec, 'suspendAfterMs' | 'suspendDepth' | 'deeper'>> {
  const [first, ...deeper] = ladder;
  return { suspendAfterMs: first?.afterMs ?? null, suspendDepth: first?.depth ?? byHand, deeper };
}

/** A span in which one compute was active at one size, or slept with its process kept: what is billed. */
export interface Segment {
  /** Sequence number of the event that opened it. */
  readonly id: number;
  readonly computeId: string;
  readonly computeName: string;
  readonly project: string;
  readonly cu: number;
  readonly startedAtMs: number;
  /** Length by the monotonic clock; null while open. */
  readonly lengthMs: number | null;
  readonly cause: StartCause | 'sleep' | 'resize';
  /** How deep it slept; null while active. */
  readonly depth: SleepDepth | null;
}
