import type { Compute } from '../domain/index.ts';

export interface IdleFacts {
  /** Monotonic time now. */
  readonly nowMs: number;
  /** Monotonic time of the last start. */
  readonly activeSinceMs: number;
  /** Monotonic time of the last client activity since the agent started. */
  readonly lastActivityMs: number | null;
}

/** How long the compute has to stay idle until it is suspended: 0 is now, null is never. Pure. */
export function idleRemainingMs(compute: Compute, facts: IdleFacts): number | null {
  if (compute.state !== 'active' || compute.suspendAfterMs === null) return null;
  const idleSinceMs = Math.max(facts.activeSinceMs, facts.lastActivityMs ?? Number.NEGATIVE_INFINITY);
  return Math.max(0, idleSinceMs + compute.suspendAfterMs - facts.nowMs);
}
