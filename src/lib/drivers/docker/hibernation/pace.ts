/** How fast memory went to swap, and when that was measured. */
export interface SwapPace {
  readonly bytesPerSecond: number;
  /** Monotonic. */
  readonly atMs: number;
}

/**
 * Below this, a server of 0.5 GiB is 10 s on its way down, in which its clients wait, and its way back up, which is
 * random reads, is no faster: parking it costs less. Plain SATA flash writes 200 MB/s and more.
 */
const SLOWEST_BYTES_PER_SECOND = 50e6;
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
  return { bytesPerSecond: swappedBytes / (Math.max(tookMs, 1) / 1000), atMs: nowMs };
}

export function isTooSlow(pace: SwapPace | null, nowMs: number): boolean {
  if (pace === null || nowMs - pace.atMs > FORGOTTEN_AFTER_MS) return false;
  return pace.bytesPerSecond < SLOWEST_BYTES_PER_SECOND;
}
