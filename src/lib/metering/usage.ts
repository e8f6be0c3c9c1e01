import { WAKE_BOUNDS_MS } from '../domain/index.ts';
import type { UsagePeriod } from '../store/index.ts';
import type { Tally } from './tally.ts';

/** What a bill is made from. Spans in seconds with milliseconds behind the point. */
export interface UsageTotals {
  readonly activeSeconds: number;
  /** Asleep with the process kept: in memory, or in swap. */
  readonly frozenSeconds: number;
  readonly hibernatedSeconds: number;
  readonly cuSeconds: number;
  readonly wakes: number;
  readonly storageByteHours: number;
  /** From clients and to them. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queries: number;
  readonly wakeLatency: readonly WakeLatency[];
}

/** Wakes that took up to so long, and longer than the bound before; null is longer than all. */
export interface WakeLatency {
  readonly upToMs: number | null;
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

/** All computes together in one hour, day or month of UTC. */
export interface PeriodUsage extends UsageTotals {
  readonly startMs: number;
}

export interface Usage {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** By project and name; computes of one name, of which all but one are destroyed, by first activity. */
  readonly computes: readonly ComputeUsage[];
  readonly projects: readonly ProjectUsage[];
  readonly total: UsageTotals;
}

/** In order; periods without any usage are left out. */
export interface UsageByPeriod {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly periods: readonly PeriodUsage[];
  readonly total: UsageTotals;
}

/** When computes were awake. */
export interface Activity {
  readonly per: UsagePeriod;
  /** Begins of all periods that the window touches. */
  readonly startsMs: readonly number[];
  /** Of those that were active at all, by project and name; seconds in each of the periods. */
  readonly computes: readonly {
    readonly project: string;
    readonly compute: string;
    readonly computeId: string;
    readonly activeSeconds: readonly number[];
  }[];
}

export function totalsOf(tally: Tally): UsageTotals {
  return {
    activeSeconds: tally.activeMs / 1000,
    frozenSeconds: tally.frozenMs / 1000,
    hibernatedSeconds: tally.hibernatedMs / 1000,
    cuSeconds: tally.quarterCuMs / 4000,
    wakes: tally.wakes,
    // Whole byte-hours: nobody sees the rest, and the ledger keeps it.
    storageByteHours: Number(tally.storageByteSeconds / 3600n),
    bytesIn: tally.bytesIn,
    bytesOut: tally.bytesOut,
    queries: tally.queries,
    wakeLatency: tally.wakeCounts.flatMap((wakes, bucket) =>
      wakes === 0 ? [] : [{ upToMs: WAKE_BOUNDS_MS[bucket] ?? null, wakes }],
    ),
  };
}

export function spanOf(tally: Tally): UsageTotals & Pick<Tally, 'firstMs' | 'lastMs'> {
  return { ...totalsOf(tally), firstMs: tally.firstMs, lastMs: tally.lastMs };
}
