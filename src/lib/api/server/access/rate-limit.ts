import type { Clock } from '../../../clock.ts';

export interface RateLimiter {
  /** @returns 0 when it may pass, else how many milliseconds until one may */
  take(key: string): number;
}

export interface Rate {
  readonly perSecond: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

const MAX_KEYS = 4_096;

/** A bucket for each key, of those that came last: one that is forgotten begins full again. */
export function createRateLimiter(clock: Pick<Clock, 'monotonicMs'>, { perSecond, burst }: Rate): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const nowMs = clock.monotonicMs();
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
      bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) * perSecond) / 1000);
      bucket.atMs = nowMs;
      // Put last: the map's order is that of the last request.
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > MAX_KEYS) buckets.delete(buckets.keys().next().value ?? key);
      if (bucket.tokens < 1) return ((1 - bucket.tokens) * 1000) / perSecond;
      bucket.tokens -= 1;
      return 0;
    },
  };
}
