import type { Compute, CopyFacts } from '../domain/index.ts';

export type OperationAction =
  | 'created'
  | 'cloned'
  | 'resumed'
  | 'restored'
  | 'suspended'
  | 'restarted'
  | 'resized'
  | 'changed'
  | 'destroyed'
  | 'purged'
  | 'unchanged';

export interface OperationOutcome {
  readonly compute: Compute;
  readonly action: OperationAction;
  /** Sentences for people: what was already so, what was done otherwise than asked. */
  readonly notes: readonly string[];
  /** Of a clone: how its data came. */
  readonly copied?: CopyFacts | null;
}

export type OnProgress = (message: string) => void;

/** Who asked for something. What has begun goes on when they leave; what still waits for its turn on a full host does not. */
export interface Caller {
  readonly onProgress: OnProgress;
  /** Aborted when nobody waits for it any more. */
  readonly gone: AbortSignal;
}

/** Of a caller who stays. */
export const NEVER: AbortSignal = new AbortController().signal;

export function outcome(compute: Compute, action: OperationAction, ...notes: string[]): OperationOutcome {
  return { compute, action, notes };
}
