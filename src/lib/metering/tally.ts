import { WAKE_BOUNDS_MS } from '../domain/index.ts';
import type { UsageAmounts } from '../store/index.ts';

/**
 * Usage added up in integers: milliseconds, and quarters of a CU x milliseconds, exact in a double up to 2^53 (a thousand
 * computes of 64 CU for a year). Seconds are made at the very end, so that parts and whole agree to the last digit.
 */
export interface Tally extends UsageAmounts {
  /** First and last instant of activity; null if there was none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

export const NOTHING: Tally = {
  activeMs: 0,
  quarterCuMs: 0,
  frozenMs: 0,
  hibernatedMs: 0,
  wakes: 0,
  wakeCounts: Array.from({ length: WAKE_BOUNDS_MS.length + 1 }, () => 0),
  wakeMs: 0,
  bytesIn: 0,
  bytesOut: 0,
  queries: 0,
  storageByteSeconds: 0n,
  firstMs: null,
  lastMs: null,
};

export function add(a: Tally, b: Tally): Tally {
  return {
    activeMs: a.activeMs + b.activeMs,
    quarterCuMs: a.quarterCuMs + b.quarterCuMs,
    frozenMs: a.frozenMs + b.frozenMs,
    hibernatedMs: a.hibernatedMs + b.hibernatedMs,
    wakes: a.wakes + b.wakes,
    wakeCounts: a.wakeCounts.map((count, bucket) => count + (b.wakeCounts[bucket] ?? 0)),
    wakeMs: a.wakeMs + b.wakeMs,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    queries: a.queries + b.queries,
    storageByteSeconds: a.storageByteSeconds + b.storageByteSeconds,
    firstMs: outermost(a.firstMs, b.firstMs, Math.min),
    lastMs: outermost(a.lastMs, b.lastMs, Math.max),
  };
}

/** Of a whole hour: what is kept by the hour alone, and cannot be cut. */
export function uncuttable({
  wakeCounts,
  wakeMs,
  bytesIn,
  bytesOut,
  queries,
  storageByteSeconds,
}: UsageAmounts): Tally {
  return { ...NOTHING, wakeCounts, wakeMs, bytesIn, bytesOut, queries, storageByteSeconds };
}

function outermost(a: number | null, b: number | null, pick: (a: number, b: number) => number): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}
