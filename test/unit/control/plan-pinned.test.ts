import { describe, expect, it } from 'vitest';

import { planPinned, type PinnedFacts } from '../../../src/lib/control/plan-pinned.ts';
import { sessionOf } from '../../support/session-facts.ts';

const NOW_MS = 1_000_000;
const old = { lastCommandMs: NOW_MS - 60_000 };
const fresh = { lastCommandMs: NOW_MS - 59_999 };

function ended(facts: Partial<PinnedFacts>): number[] {
  return planPinned({ blockers: [], sessions: [], nowMs: NOW_MS, endPinnedAfterMs: 60_000, ...facts }).map(
    ({ id }) => id,
  );
}

describe('sessions that end so that their compute can go deeper', () => {
  it('are those with a transaction or a pin that had no command for long enough', () => {
    const sessions = [
      sessionOf(1, { state: 'transaction', ...old }),
      sessionOf(2, { state: 'pinned', ...old }),
      sessionOf(3, { state: 'idle', ...old }),
      sessionOf(4, { state: 'parked', ...old }),
    ];
    expect(ended({ sessions })).toEqual([1, 2]);
  });

  it('are none while it is not enough to end them: another is not due yet', () => {
    const sessions = [sessionOf(1, { state: 'pinned', ...old }), sessionOf(2, { state: 'pinned', ...fresh })];
    expect(ended({ sessions })).toEqual([]);
  });

  it.each(['commandInFlight', 'login'] as const)('are none where a %s keeps it too', (kind) => {
    const sessions = [sessionOf(1, { state: 'pinned', ...old })];
    expect(ended({ sessions, blockers: [{ kind, client: '10.0.0.8', sinceMs: 0 }] })).toEqual([]);
  });

  it('are none while one waits for the compute', () => {
    const sessions = [sessionOf(1, { state: 'pinned', ...old }), sessionOf(2, { state: 'busy', ...old })];
    expect(ended({ sessions })).toEqual([]);
  });
});
