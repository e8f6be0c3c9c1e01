/** Bounds of the histogram of wakes, in milliseconds from the request to a server that answers; longer ones come last. */
export const WAKE_BOUNDS_MS = [50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;

/** Which of the histogram's counts a wake is in: the first whose bound it does not exceed. */
export function wakeBucket(ms: number): number {
  const found = WAKE_BOUNDS_MS.findIndex((bound) => ms <= bound);
  return found === -1 ? WAKE_BOUNDS_MS.length : found;
}

/**
 * The bound that this share of the wakes does not exceed, in milliseconds; `Infinity` where it is beyond all bounds, null
 * without wakes.
 */
export function wakeQuantileMs(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= total * share) return WAKE_BOUNDS_MS[bucket] ?? Infinity;
  }
  return Infinity;
}
