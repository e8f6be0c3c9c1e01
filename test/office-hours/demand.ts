import { DAY_MS, type Burst } from './office-day.ts';

/** All that clients want at once. */
export interface Demand {
  readonly cores: number;
  readonly pageRequestsPerSecond: number;
  readonly workingSetBytes: number;
}

/** Between two looks at the load, so that each sees what there was. */
export const STEP_MS = 2_000;

/** Step by step through the day; null while nobody wants anything. */
export function demandOf(bursts: readonly Burst[]): readonly (Demand | null)[] {
  const steps: (Demand | null)[] = Array.from({ length: DAY_MS / STEP_MS }, () => null);
  for (const burst of bursts) {
    const last = Math.min(steps.length, Math.ceil((burst.atMs + burst.lengthMs) / STEP_MS));
    for (let step = Math.floor(burst.atMs / STEP_MS); step < last; step += 1) steps[step] = add(steps[step], burst);
  }
  return steps;
}

function add(demand: Demand | null | undefined, burst: Demand): Demand {
  return {
    cores: (demand?.cores ?? 0) + burst.cores,
    pageRequestsPerSecond: (demand?.pageRequestsPerSecond ?? 0) + burst.pageRequestsPerSecond,
    // They go over the same data: it is no more for two than for one.
    workingSetBytes: Math.max(demand?.workingSetBytes ?? 0, burst.workingSetBytes),
  };
}

export function mostCores(demand: readonly (Demand | null)[]): number {
  return Math.max(...demand.map((wanted) => wanted?.cores ?? 0));
}
