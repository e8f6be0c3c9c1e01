import type { Blocker } from '../domain/index.ts';
import type { SessionFacts } from './ports.ts';

export interface PinnedFacts {
  /** Of the depth that the compute is due for. */
  readonly blockers: readonly Blocker[];
  readonly sessions: readonly SessionFacts[];
  /** Monotonic time now. */
  readonly nowMs: number;
  readonly endPinnedAfterMs: number;
}

/**
 * The sessions to end so that the compute can go deeper. Only if that is enough: none while a command runs, somebody logs
 * in, or another session that has been used since keeps it all the same. Pure.
 */
export function planPinned({ blockers, sessions, nowMs, endPinnedAfterMs }: PinnedFacts): readonly SessionFacts[] {
  if (blockers.some(({ kind }) => kind === 'commandInFlight' || kind === 'login')) return [];
  if (sessions.some(({ state }) => state === 'busy')) return [];
  const holders = sessions.filter(({ state }) => state === 'transaction' || state === 'pinned');
  return holders.every(({ lastCommandMs }) => nowMs - lastCommandMs >= endPinnedAfterMs) ? holders : [];
}
