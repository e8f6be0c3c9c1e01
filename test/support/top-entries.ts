import type { TopEntry } from '../../src/lib/cli/top/index.ts';

export const TOP_AT = '2026-11-25T22:00:00.000Z';

/** A compute that is awake and in nobody's use. */
export function topEntry(name: string, changes: Partial<TopEntry> = {}): TopEntry {
  return {
    id: `c-${name}`,
    name,
    project: 'default',
    driver: 'docker',
    state: 'active',
    depth: null,
    stateSince: '2026-11-25T21:50:00.000Z',
    size: { min: 0.5, max: 2, now: 0.5 },
    sessions: 0,
    queries: 0,
    queriesPerSecond: 0,
    memoryBytes: 55_000_000,
    awakeTodaySeconds: 600,
    awakeBecause: ['it was used a moment ago: idle time runs for another 4 min'],
    waitingBecause: null,
    heldBecause: [],
    suspendsAt: '2026-11-25T22:04:00.000Z',
    nextStep: null,
    failure: null,
    leaseExpiresAt: null,
    ...changes,
  };
}

/** One that sleeps. */
export function asleep(name: string, changes: Partial<TopEntry> = {}): TopEntry {
  return topEntry(name, {
    state: 'suspended',
    depth: 'parked',
    memoryBytes: null,
    awakeBecause: [],
    suspendsAt: null,
    ...changes,
  });
}
