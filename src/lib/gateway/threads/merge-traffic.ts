import type { ComputeTraffic } from '../glance.ts';

/** What all threads counted. Null is one that is lost. */
export function mergeTraffic(
  answers: readonly (ReadonlyMap<string, ComputeTraffic> | null)[],
): ReadonlyMap<string, ComputeTraffic> {
  const sums = new Map<string, ComputeTraffic>();
  for (const counts of answers)
    for (const [computeId, traffic] of counts ?? []) sums.set(computeId, plus(sums.get(computeId), traffic));
  return sums;
}

function plus(before: ComputeTraffic | undefined, more: ComputeTraffic): ComputeTraffic {
  if (before === undefined) return more;
  return {
    sessions: before.sessions + more.sessions,
    bytesIn: before.bytesIn + more.bytesIn,
    bytesOut: before.bytesOut + more.bytesOut,
    commands: before.commands + more.commands,
  };
}
