import { isTooSlow, type SwapPace } from './pace.ts';

const MIB = 1024 ** 2;
/** Left for the rest of the host: a swap that is full makes the next one to need memory a victim. */
const SWAP_MARGIN_BYTES = 64 * MIB;
/** What stays resident of any server: page tables, thread stacks of the kernel, pages it cannot move. */
const EXPECTED_RESIDENT_BYTES = 16 * MIB;
const EXPECTED_RESIDENT_SHARE = 0.1;

/** A container's memory at one moment. */
export interface MemoryUse {
  /** All that counts as the container's. */
  readonly residentBytes: number;
  /** Of that, what has no file behind it and can only go to swap. */
  readonly anonymousBytes: number;
  /** Already in swap. */
  readonly swappedBytes: number;
}

export interface SwapFacts {
  /** Null when the host cannot be asked. */
  readonly freeBytes: number | null;
  readonly pace: SwapPace | null;
  /** A slower swap is not used. */
  readonly slowestBytesPerSecond: number;
  readonly nowMs: number;
}

/** Why it is not even tried, or null. Without figures, so that the same reason reads the same. */
export function whyNotNow({ anonymousBytes }: MemoryUse, swap: SwapFacts): string | null {
  const { freeBytes, pace, slowestBytesPerSecond, nowMs } = swap;
  if (freeBytes !== null && freeBytes < anonymousBytes + SWAP_MARGIN_BYTES)
    return "the host's swap has too little room for its memory";
  if (isTooSlow(pace, slowestBytesPerSecond, nowMs)) return "the host's swap is slower than a start of the server";
  return null;
}

/** Why it is not hibernated after all that could be done, or null when it is. */
export function whyNotDone(before: MemoryUse, after: MemoryUse): string | null {
  const most = Math.max(EXPECTED_RESIDENT_BYTES, before.residentBytes * EXPECTED_RESIDENT_SHARE);
  return after.residentBytes <= most ? null : 'the kernel did not give up enough of its memory';
}
