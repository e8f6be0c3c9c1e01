import type { ConnectionPoolState, TimesSummary } from '../../control/index.ts';

/** By compute. Null is a thread that is lost: its connections went with it. */
export function mergePools(
  answers: readonly (ReadonlyMap<string, ConnectionPoolState> | null)[],
): ReadonlyMap<string, ConnectionPoolState> {
  const merged = new Map<string, ConnectionPoolState>();
  for (const pools of answers) {
    for (const [computeId, pool] of pools ?? []) {
      const others = merged.get(computeId);
      merged.set(computeId, others === undefined ? pool : mergeTwo(others, pool));
    }
  }
  return merged;
}

/** Of one compute, at all threads; null where none has any. */
export function mergePool(states: readonly (ConnectionPoolState | null)[]): ConnectionPoolState | null {
  const [first, ...others] = states.filter((state) => state !== null);
  return first === undefined ? null : others.reduce(mergeTwo, first);
}

function mergeTwo(one: ConnectionPoolState, other: ConnectionPoolState): ConnectionPoolState {
  return {
    // Each says that of all; one that nobody came to has no pool.
    size: Math.max(one.size, other.size),
    inUse: one.inUse + other.inUse,
    pinned: one.pinned + other.pinned,
    idle: one.idle + other.idle,
    waiting: one.waiting + other.waiting,
    waited: mergeTimes(one.waited, other.waited),
    held: mergeTimes(one.held, other.held),
    switches: one.switches + other.switches,
    refusals: one.refusals + other.refusals,
  };
}

/** The middle is that of the threads' middles, each as often as it counted: single times do not cross. */
function mergeTimes(one: TimesSummary | null, other: TimesSummary | null): TimesSummary | null {
  if (one === null || other === null) return one ?? other;
  const count = one.count + other.count;
  return {
    count,
    p50Ms: (one.p50Ms * one.count + other.p50Ms * other.count) / count,
    maxMs: Math.max(one.maxMs, other.maxMs),
  };
}
