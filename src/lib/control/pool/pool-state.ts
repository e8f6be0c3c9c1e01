import type { DriverName, Pool } from '../../domain/index.ts';
import type { DozeError } from '../../errors/index.ts';

/** What is known of the warm pool and on no record. */
export interface PoolState {
  /** Spares that a compute is about to take: from the choice to its record. */
  readonly reserved: Set<string>;
  /** By pool, as of the last look. */
  readonly kinds: Map<Pool['image'], SpareKind>;
  /** Why a pool is not full, and when it is tried again. */
  readonly problems: Map<Pool['image'], PoolProblem>;
  /** Has whoever keeps the pools look at them now. */
  nudge(): void;
  onNudge(listener: () => void): Disposable;
}

/** What a pool's spares run. */
export interface SpareKind {
  readonly driver: DriverName;
  readonly image: string | null;
  readonly version: string;
}

export interface PoolProblem {
  readonly error: DozeError;
  /** In a row. */
  readonly count: number;
  /** Monotonic time. */
  readonly retryAtMs: number;
}

export function createPoolState(): PoolState {
  const listeners = new Set<() => void>();
  return {
    reserved: new Set(),
    kinds: new Map(),
    problems: new Map(),
    nudge: () => {
      for (const listener of listeners) listener();
    },
    onNudge(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
