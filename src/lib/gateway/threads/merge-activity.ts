import type { ComputeActivity } from '../glance.ts';

/** What all threads counted. Null is one that is lost. */
export function mergeActivity(
  answers: readonly (ReadonlyMap<string, ComputeActivity> | null)[],
): ReadonlyMap<string, ComputeActivity> {
  const sums = new Map<string, ComputeActivity>();
  for (const counts of answers)
    for (const [computeId, { sessions, commands }] of counts ?? []) {
      const before = sums.get(computeId) ?? { sessions: 0, commands: 0 };
      sums.set(computeId, { sessions: before.sessions + sessions, commands: before.commands + commands });
    }
  return sums;
}
