import type { StorageLevel } from '../store/index.ts';

/** An instant by both clocks, and the boot that the monotonic one is of. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly bootId: string;
}

export interface StorageSpan {
  readonly hours: readonly { readonly hourMs: number; readonly byteSeconds: bigint }[];
  /** Where the next span begins. */
  readonly end: Instant & { readonly remainder: number };
}

const HOUR_MS = 3_600_000;

/**
 * Pure. What a level adds up to from its last account until now: by the monotonic clock within one boot, so that a wall clock
 * that jumps neither bills nor forgives, else by the wall clock, as data is kept while a machine is off. In whole
 * byte-seconds; what is left of one is carried on, so that no split of a time changes its sum.
 */
export function storageSpan(level: StorageLevel, now: Instant): StorageSpan {
  const isSameBoot = level.bootId === now.bootId;
  const passedMs = isSameBoot ? now.monotonicMs - level.monotonicMs : now.wallMs - level.wallMs;
  const lengthMs = Math.max(0, Math.floor(passedMs));
  const beganMs = Math.floor(level.wallMs);
  const hours: { hourMs: number; byteSeconds: bigint }[] = [];
  let remainder = BigInt(level.remainder);
  for (let fromMs = beganMs; fromMs < beganMs + lengthMs;) {
    const hourMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS;
    const toMs = Math.min(beganMs + lengthMs, hourMs + HOUR_MS);
    const byteMs = BigInt(level.bytes) * BigInt(toMs - fromMs) + remainder;
    if (byteMs >= 1000n) hours.push({ hourMs, byteSeconds: byteMs / 1000n });
    remainder = byteMs % 1000n;
    fromMs = toMs;
  }
  // Parts of a millisecond are carried on too.
  const monotonicMs = isSameBoot && passedMs > 0 ? level.monotonicMs + lengthMs : now.monotonicMs;
  return { hours, end: { ...now, monotonicMs, remainder: Number(remainder) } };
}
