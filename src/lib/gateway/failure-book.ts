import type { Clock } from '../clock.ts';

/** A login that failed, held back until it is disposed of. */
export interface HeldFailure extends Disposable {
  /** How long its refusal waits. */
  readonly delayMs: number;
  /** It was none after all. */
  forgive(): void;
}

interface Failures {
  count: number;
  held: number;
  atMs: number;
}

const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;
const FORGET_AFTER_MS = 60_000;
const MAX_ENTRIES = 4_096;

/** Failed logins by some key: how many of late, and how many of them are being held back. The latest keys are kept. */
export class FailureBook {
  private readonly clock: Clock;
  private readonly entries = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get size(): number {
    return this.entries.size;
  }

  heldOf(key: string): number {
    return this.entries.get(key)?.held ?? 0;
  }

  fail(key: string): HeldFailure {
    const nowMs = this.clock.monotonicMs();
    const entry = this.entries.get(key) ?? { count: 0, held: 0, atMs: nowMs };
    if (nowMs - entry.atMs >= FORGET_AFTER_MS) entry.count = 0;
    entry.count += 1;
    entry.held += 1;
    entry.atMs = nowMs;
    // Put last: the map's order is that of the last failure.
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > MAX_ENTRIES) this.forget(this.entries.keys().next().value ?? key);
    let isHeld = true;
    return {
      delayMs: delayAfter(entry.count),
      forgive: () => {
        entry.count = Math.max(0, entry.count - 1);
      },
      [Symbol.dispose]: () => {
        if (isHeld) entry.held -= 1;
        isHeld = false;
      },
    };
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}

export function delayAfter(failures: number): number {
  if (failures <= FREE_FAILURES) return 0;
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1));
}
