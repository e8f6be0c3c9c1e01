import type { Tally } from './tally.ts';

/** What a bill is made from. Spans in seconds with milliseconds behind the point. */
export interface UsageTotals {
  readonly activeSeconds: number;
  /** Asleep with the process kept: in memory, or in swap. */
  readonly frozenSeconds: number;
  readonly hibernatedSeconds: number;
  readonly cuSeconds: number;
  readonly wakes: number;
}

export interface ComputeUsage extends UsageTotals {
  readonly project: string;
  readonly compute: string;
  readonly computeId: string;
  /** First and last instant of activity inside the window; null if there was none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

/** The sum of a project's computes. */
export interface ProjectUsage extends Omit<ComputeUsage, 'compute' | 'computeId'> {
  readonly compute: null;
  readonly computeId: null;
}

export interface Usage {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** By project and name; computes of one name, of which all but one are destroyed, by first activity. */
  readonly computes: readonly ComputeUsage[];
  readonly projects: readonly ProjectUsage[];
  readonly total: UsageTotals;
}

export function totalsOf(tally: Tally): UsageTotals {
  return {
    activeSeconds: tally.activeMs / 1000,
    frozenSeconds: tally.frozenMs / 1000,
    hibernatedSeconds: tally.hibernatedMs / 1000,
    cuSeconds: tally.quarterCuMs / 4000,
    wakes: tally.wakes,
  };
}

export function spanOf(tally: Tally): UsageTotals & Pick<Tally, 'firstMs' | 'lastMs'> {
  return { ...totalsOf(tally), firstMs: tally.firstMs, lastMs: tally.lastMs };
}
