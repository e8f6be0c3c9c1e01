import { clampSize, memoryBytes, roundUpSize, type Size } from '../domain/index.ts';

/** What one compute used in an interval. */
export interface LoadSample {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** At its end, without what the kernel can take back at once. */
  readonly memoryBytes: number;
  /** At its end: what the buffer pool may hold, and what it holds. */
  readonly poolBytes: number;
  readonly dataBytes: number;
  /** Pages that the server wanted of its buffer pool, and those of them that it had to read. */
  readonly requests: number;
  readonly misses: number;
  /** Whether at either end of it what was cached before a sleep was still on its way back. */
  readonly isWarming: boolean;
}

/** Compute units that each part of the load asks for. */
export interface SizeAsks {
  readonly cpu: number;
  readonly memory: number;
  readonly cache: number;
}

/** Since when less would have been enough, and the most that was wanted in that time. */
export interface Lull {
  readonly sinceMs: number;
  readonly mostCu: number;
}

export interface SizePlan {
  /** The size to have from now on. */
  readonly cu: number;
  readonly asks: SizeAsks;
  readonly lull: Lull | null;
}

/** A size is right when about this part of its CPU is used: the rest is for peaks between two samples. */
const CPU_SHARE = 0.75;
/** From here on the limit itself hides how much more would be used. */
const CPU_SATURATED = 0.9;
/** Of the half of the memory that is not the buffer pool's: connections, sorts, temporary tables. */
const OTHER_SHARE = 0.8;
/** A pool this full has pushed something out; one that is to hold what is in it is made larger than that. */
const POOL_FULL = 0.95;
const POOL_SHARE = 0.9;
/** Fewer page requests a second are no load that a cache would be kept for, nor any that could ask for one. */
const BUSY_REQUESTS = 1_000;
/** Misses per request from which the pool is too small. */
const MISS_RATE = 0.01;

/** Pure. Up at once, down only to what was enough for a while, and never out of the range. */
export function planSize(
  sample: LoadSample,
  size: Size,
  lull: Lull | null,
  { nowMs, downAfterMs }: { readonly nowMs: number; readonly downAfterMs: number },
): SizePlan {
  const asks = sizeAsks(sample, size.now);
  const wanted = clampSize(Math.max(asks.cpu, asks.memory, asks.cache), size);
  if (wanted >= size.now) return { cu: wanted, asks, lull: null };
  // Out of its range there is nothing to wait for, but for what is in use.
  if (size.now > size.max) return { cu: wanted, asks, lull: null };
  const next = {
    // Less was enough all through the sample, and not only from its end.
    sinceMs: lull?.sinceMs ?? nowMs - sample.seconds * 1000,
    mostCu: Math.max(lull?.mostCu ?? 0, wanted),
  };
  // Never by one sample alone: a long one may have had anything in it.
  if (lull === null || nowMs - next.sinceMs < downAfterMs) return { cu: size.now, asks, lull: next };
  return { cu: Math.min(size.now, next.mostCu), asks, lull: null };
}

export function sizeAsks(sample: LoadSample, now: number): SizeAsks {
  return { cpu: cpuAsk(sample, now), memory: memoryAsk(sample), cache: cacheAsk(sample, now) };
}

function cpuAsk({ cpuSeconds, seconds }: LoadSample, now: number): number {
  const used = cpuSeconds / seconds;
  const enough = roundUpSize(used / CPU_SHARE);
  return used >= CPU_SATURATED * now ? Math.max(enough, 2 * now) : enough;
}

/** What the buffer pool holds is not counted: it is made to fit, and asks for itself. */
function memoryAsk({ memoryBytes: used, dataBytes }: LoadSample): number {
  const otherPerCu = memoryBytes(1) / 2;
  return roundUpSize(Math.max(0, used - dataBytes) / otherPerCu / OTHER_SHARE);
}

/**
 * A full pool that misses asks for twice the size. Later, as long as the server is busy, for what holds the data that is in
 * it: a smaller one would miss again, and the size would go up and down for ever. What a cache misses that is still coming
 * back says nothing of its size.
 */
function cacheAsk({ seconds, poolBytes, dataBytes, requests, misses, isWarming }: LoadSample, now: number): number {
  if (requests / seconds < BUSY_REQUESTS) return roundUpSize(0);
  const poolPerCu = memoryBytes(1) / 2;
  const holding = Math.min(now, roundUpSize(dataBytes / poolPerCu / POOL_SHARE));
  const isTooSmall = !isWarming && dataBytes >= POOL_FULL * poolBytes && misses >= MISS_RATE * requests;
  return isTooSmall ? Math.max(2 * now, holding) : holding;
}
