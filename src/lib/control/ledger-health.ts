import type { Clock } from '../clock.ts';
import { toDozeError, type DozeError } from '../errors/index.ts';

/** Why nothing can be put on record. */
export interface LedgerProblem {
  readonly error: DozeError;
  /** Wall time of the first attempt in a row that failed. */
  readonly sinceMs: number;
}

/**
 * Whether the ledger can be written. While it cannot (a full disk, say) nothing is lost: lengths go on in memory by the clock that
 * does not jump, traffic and storage wait, and a compute that ends keeps its length until it is on record. An agent that dies
 * meanwhile leaves the last proof of life, and its successor counts on from there.
 */
export interface LedgerHealth {
  /** Runs what writes, and returns false where there was nothing to write. @throws what it throws */
  watch(write: () => boolean): void;
  /** Null while all is well. */
  problem(): LedgerProblem | null;
}

export function createLedgerHealth(clock: Clock): LedgerHealth {
  let problem: LedgerProblem | null = null;
  return {
    watch(write) {
      try {
        // What was not tried proves nothing.
        if (write()) problem = null;
      } catch (thrown) {
        problem = { error: toDozeError(thrown), sinceMs: problem?.sinceMs ?? clock.wallMs() };
        throw thrown;
      }
    },
    problem: () => problem,
  };
}
