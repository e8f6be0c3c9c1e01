import type { Clock } from '../clock.ts';

const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;
const FORGET_AFTER_MS = 60_000;
const MAX_ADDRESSES = 4_096;

/** Slows repeated failed logins from one address. Remembers a bounded number of addresses, the latest ones. */
export interface Throttle {
  /** To be waited for before the refusal is sent. */
  recordFailure(address: string): number;
}

export function createThrottle(clock: Clock): Throttle {
  const failures = new Map<string, { count: number; atMs: number }>();
  return {
    recordFailure: (address) => {
      const nowMs = clock.monotonicMs();
      const before = failures.get(address);
      const isRecent = before !== undefined && nowMs - before.atMs < FORGET_AFTER_MS;
      const count = isRecent ? before.count + 1 : 1;
      // Put last: the map's order is the order of the last failure.
      failures.delete(address);
      failures.set(address, { count, atMs: nowMs });
      if (failures.size > MAX_ADDRESSES) failures.delete(failures.keys().next().value ?? address);
      return delayAfter(count);
    },
  };
}

export function delayAfter(failures: number): number {
  if (failures <= FREE_FAILURES) return 0;
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1));
}
