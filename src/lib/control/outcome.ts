import type { Compute } from '../domain/index.ts';

export type OperationAction =
  'created' | 'resumed' | 'restored' | 'suspended' | 'restarted' | 'resized' | 'destroyed' | 'purged' | 'unchanged';

export interface OperationOutcome {
  readonly compute: Compute;
  readonly action: OperationAction;
  /** Sentences for people: what was already so, what was done otherwise than asked. */
  readonly notes: readonly string[];
}

export type OnProgress = (message: string) => void;

export function outcome(compute: Compute, action: OperationAction, ...notes: string[]): OperationOutcome {
  return { compute, action, notes };
}
