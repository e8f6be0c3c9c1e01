import type { Compute, ComputeSpec, CopyFacts, PendingRestore, StartCause, SuspendReason } from './compute.ts';
import type { Depth } from './depth.ts';
import type { ProjectEvent } from './project-events.ts';

/** Everything that can happen to a compute, past tense. The log of these is the truth; see `apply.ts`. */
export type ComputeEvent =
  | { readonly type: 'createRequested'; readonly spec: ComputeSpec }
  | {
      readonly type: 'started';
      readonly cause: StartCause;
      readonly serverVersion: string;
      /** Wall time at which the server was known to answer: where the segment begins. */
      readonly segmentStartedAtMs: number;
      readonly totalMs: number;
      readonly phasesMs: Readonly<Record<string, number>>;
      /** Of the server's own start, as far as its log was heard. */
      readonly serverPhasesMs?: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'suspendRequested';
      readonly depth: Depth;
      readonly reason: SuspendReason;
      readonly segmentLengthMs: number | null;
    }
  | {
      readonly type: 'suspended';
      readonly depth: Depth;
      readonly tookMs: number;
      readonly isClean: boolean;
      /** Wall time from which its sleep is metered, where the depth keeps the process. */
      readonly segmentStartedAtMs?: number;
    }
  /** `segmentLengthMs`: of the sleep that ends, where it was metered. */
  | { readonly type: 'resumeRequested'; readonly cause: StartCause; readonly segmentLengthMs?: number | null }
  /** The instance was found at another depth than we left it: stopped or removed by somebody else. */
  | {
      readonly type: 'depthObserved';
      readonly depth: Depth;
      readonly reason: string;
      readonly segmentLengthMs?: number | null;
      /** As of `suspended`. */
      readonly segmentStartedAtMs?: number;
    }
  /** The server went away while active without a crash: container stopped, Docker or host restarted. */
  | {
      readonly type: 'instanceStopped';
      readonly depth: Depth;
      readonly reason: string;
      readonly segmentLengthMs: number;
    }
  /** The server died while active: crash, memory limit. */
  | {
      readonly type: 'instanceCrashed';
      readonly code: string;
      readonly message: string;
      readonly logTail: readonly string[];
      readonly segmentLengthMs: number;
    }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly logTail: readonly string[] }
  | {
      readonly type: 'destroyRequested';
      readonly isPurge: boolean;
      readonly segmentLengthMs: number | null;
      /** Its lease was over; left out where somebody asked for it. */
      readonly reason?: 'lease';
    }
  | { readonly type: 'destroyed'; readonly keptUntilMs: number | null }
  | { readonly type: 'restored' }
  | { readonly type: 'purged' }
  /** Its size changed while it was active: what it was billed for ends here, and goes on at the new size. */
  | {
      readonly type: 'resized';
      readonly fromCu: number;
      readonly cu: number;
      readonly reason: ResizeReason;
      /** What asked for it: the compute units that each part of the load wants, and what was measured. */
      readonly load: Readonly<Record<string, number>> | null;
      /** For people, where there is more to say. */
      readonly message: string | null;
      readonly segmentLengthMs: number;
      readonly segmentStartedAtMs: number;
    }
  | {
      readonly type: 'settingsChanged';
      readonly changes: Partial<Pick<Compute, ChangeableSetting>>;
    }
  /** The data of a clone is there. */
  | ({ readonly type: 'dataCopied' } & CopyFacts)
  /** The data is to be what a snapshot keeps. */
  | ({ readonly type: 'snapshotRestoreRequested'; readonly snapshotName: string } & PendingRestore)
  | ({ readonly type: 'snapshotRestored' } & CopyFacts)
  /** Nothing was changed. */
  | { readonly type: 'snapshotRestoreFailed'; readonly message: string }
  /** The gateway ended a client's session. */
  | {
      readonly type: 'sessionEnded';
      /** `killed`: somebody asked for it. `pinned`: it alone kept the compute from going deeper, for too long. */
      readonly reason: 'killed' | 'pinned';
      /** The id that its client was given. */
      readonly session: number;
      readonly client: string;
      readonly user: string;
      /** What it had or did, with the session as its subject; null for nothing of note. */
      readonly why: string | null;
    }
  /** It is destroyed soon, unless its lease is renewed. Once for each end that a lease has had. */
  | { readonly type: 'leaseEnding'; readonly leaseExpiresAtMs: number }
  /** Somebody asked for what the lifecycle does not allow here. */
  | { readonly type: 'refused'; readonly attempted: string; readonly message: string };

/** What of a compute can be set otherwise later. */
type ChangeableSetting =
  | 'suspendAfterMs'
  | 'suspendDepth'
  | 'deeper'
  | 'endPinnedAfterMs'
  | 'maxSessions'
  | 'sessionIdleTimeoutMs'
  | 'port'
  | 'size'
  | 'connectionPool'
  | 'lease';

/** `undone`: what was on record could not be done, and this is how it really is. */
export type ResizeReason = 'load' | 'request' | 'undone';

export type ComputeEventType = ComputeEvent['type'];

export interface StoredEvent {
  readonly seq: number;
  readonly atMs: number;
  /** Empty, as its name, for what happened to the project itself. */
  readonly computeId: string;
  readonly computeName: string;
  readonly project: string;
  readonly event: ComputeEvent | ProjectEvent;
}
