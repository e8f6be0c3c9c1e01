/** How fast memory went to swap the last times, newest last, and when that was measured. */
export interface SwapPace {
  readonly bytesPerSecond: readonly number[];
  /** Monotonic, of the newest. */
  readonly atMs: number;
}

/**
 * Below this, the way back up, which is random reads, takes longer than a start of the server: parking costs less.
 * Plain SATA flash writes 200 MB/s and more.
 */
export const SLOWEST_SWAP_BYTES_PER_SECOND = 50e6;
/** A host that is busy is slow for a moment, a slow disk always: the best of so many counts, and none says less. */
const SAMPLES = 3;
/** What less says nothing of the swap: the kernel's own work is most of the time. */
const LEAST_SAMPLE_BYTES = 16 * 1024 ** 2;
/** A disk may have been busy with something else: then it is tried again. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** @returns the pace, or the one known before if too little was swapped to tell */
export function measurePace(
  known: SwapPace | null,
  swappedBytes: number,
  tookMs: number,
  nowMs: number,
): SwapPace | null {
  if (swappedBytes < LEAST_SAMPLE_BYTES) return known;
  const bytesPerSecond = swappedBytes / (Math.max(tookMs, 1) / 1000);
  return { bytesPerSecond: [...(known?.bytesPerSecond ?? []), bytesPerSecond].slice(-SAMPLES), atMs: nowMs };
}

export function isTooSlow(pace: SwapPace | null, slowestBytesPerSecond: number, nowMs: number): boolean {
  if (pace === null || nowMs - pace.atMs > FORGOTTEN_AFTER_MS) return false;
  return pace.bytesPerSecond.length === SAMPLES && Math.max(...pace.bytesPerSecond) < slowestBytesPerSecond;
}
