import type { Clock } from '../clock.ts';
import { leaseWarningMs, type Compute, type Lease } from '../domain/index.ts';

/** What is remembered of one lease. */
export interface LeaseEntry {
  readonly computeId: string;
  readonly expiresAtMs: number;
  /** Monotonic times. */
  readonly dueMs: number;
  readonly warnAtMs: number;
  isWarned: boolean;
  /** Whether its end stands in the compute's queue. */
  isUnderWay: boolean;
  /** In a row; and when it is tried again. */
  failures: number;
  retryAtMs: number;
}

/**
 * The leases that run, so that nobody has to look through all computes. How long one has to run is taken from the wall clock
 * once, when it is first seen, and measured by the monotonic clock from then on: a clock that jumps neither cuts a lease short
 * nor draws it out. It stands still while the machine is suspended, and a lease with it.
 */
export interface LeaseBook {
  /** A compute as it is now. */
  note(compute: Compute): void;
  entries(): readonly LeaseEntry[];
  has(computeId: string): boolean;
  /** Whether it has a lease that is over. */
  isDue(computeId: string): boolean;
}

export function createLeaseBook(clock: Clock): LeaseBook {
  const entries = new Map<string, LeaseEntry>();
  return {
    note(compute) {
      const { id, state, lease = null } = compute;
      if (lease === null || state === 'destroyed') entries.delete(id);
      else if (entries.get(id)?.expiresAtMs !== lease.expiresAtMs) entries.set(id, entryOf(clock, id, lease));
    },
    entries: () => [...entries.values()],
    has: (computeId) => entries.has(computeId),
    isDue: (computeId) => (entries.get(computeId)?.dueMs ?? Number.POSITIVE_INFINITY) <= clock.monotonicMs(),
  };
}

function entryOf(clock: Clock, computeId: string, lease: Lease): LeaseEntry {
  const dueMs = clock.monotonicMs() + lease.expiresAtMs - clock.wallMs();
  return {
    computeId,
    expiresAtMs: lease.expiresAtMs,
    dueMs,
    warnAtMs: dueMs - leaseWarningMs(lease),
    isWarned: false,
    isUnderWay: false,
    failures: 0,
    retryAtMs: Number.NEGATIVE_INFINITY,
  };
}
