import type { Comparison, Breakdown } from './comparison.ts';
import type { BenchOptions } from './options.ts';

/** One thing that is measured: a file of its own, named after it. */
export interface Benchmark {
  readonly name: string;
  readonly what: string;
  readonly dividedBy: string;
  /** For people; the goals of each comparison say the same in numbers. */
  readonly target: string;
  measure(context: BenchContext): Promise<Measurement>;
}

export interface BenchContext {
  readonly options: BenchOptions;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Says what is being done, to whoever waits. */
  readonly progress: (message: string) => void;
}

export interface Measurement {
  readonly comparisons: readonly Comparison[];
  readonly breakdowns: readonly Breakdown[];
  /** What cannot be a ratio, a sentence each. */
  readonly facts: readonly string[];
}
