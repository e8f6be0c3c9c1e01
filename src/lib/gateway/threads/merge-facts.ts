import type { GateFacts } from '../../control/index.ts';
import type { Blocker } from '../../domain/index.ts';
import { mergePool } from './merge-pools.ts';

/** Of each kind: any forbids as much as a thousand, and people read the first few. */
const BLOCKERS_A_KIND = 16;

/** So many of each kind, those that came first. */
export function boundBlockers(blockers: readonly Blocker[]): readonly Blocker[] {
  const counts = new Map<string, number>();
  return blockers.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= BLOCKERS_A_KIND;
  });
}

/**
 * What is true of a compute's clients at all threads. Null is one that is lost, and with it when its clients were last
 * active: that they were at that moment is a guess which keeps nothing awake for longer than it should be.
 */
export function mergeFacts(answers: readonly (GateFacts | null)[], lossesMs: readonly number[]): GateFacts {
  const threads = answers.filter((facts) => facts !== null);
  const seenMs = threads.map(({ lastActivityMs }) => lastActivityMs).filter((ms) => ms !== null);
  const timesMs = [...lossesMs, ...seenMs];
  const [firstIn = null] = threads
    .flatMap((facts) => facts.firstIn ?? [])
    .toSorted((one, other) => other.wokenMs - one.wokenMs);
  return {
    sessions: threads.reduce((sum, { sessions }) => sum + sessions, 0),
    lastActivityMs: timesMs.length === 0 ? null : Math.max(...timesMs),
    firstIn,
    blockers: boundBlockers(threads.flatMap(({ blockers }) => blockers)),
    hasUnknownSessions: threads.some(({ hasUnknownSessions }) => hasUnknownSessions),
    connections: mergePool(threads.map(({ connections }) => connections)),
  };
}
