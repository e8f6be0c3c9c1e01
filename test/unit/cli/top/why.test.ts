import { describe, expect, it } from 'vitest';

import type { TopEntry } from '../../../../src/lib/cli/top/index.ts';
import { whyText } from '../../../../src/lib/cli/top/why.ts';
import { asleep, topEntry, TOP_AT } from '../../../support/top-entries.ts';

const nowMs = Date.parse(TOP_AT);

describe('why a compute is as it is', () => {
  const nextStep = { depth: 'parked', at: '2026-11-25T22:50:00.000Z' } as const;
  const held = 'an open transaction from 10.0.0.7 for 4 min';
  const cases: readonly (readonly [TopEntry, string])[] = [
    [topEntry('a'), 'idle, sleeps in 4 min'],
    [topEntry('a', { queriesPerSecond: 12 }), 'in use'],
    [topEntry('a', { suspendsAt: TOP_AT }), 'idle, sleeps now'],
    [
      topEntry('a', { suspendsAt: null, awakeBecause: [held, 'it is set never to suspend'] }),
      `${held}; it is set never to suspend`,
    ],
    [topEntry('a', { leaseExpiresAt: '2026-11-25T22:59:59.600Z' }), 'idle, sleeps in 4 min; destroyed in 1 h'],
    [
      topEntry('a', { state: 'failed', failure: 'the server ended with exit code 1' }),
      'the server ended with exit code 1',
    ],
    [asleep('a'), 'asleep for 10 min'],
    [asleep('a', { depth: 'frozen', nextStep }), 'asleep for 10 min; parked in 50 min'],
    [asleep('a', { depth: 'frozen', nextStep, heldBecause: [held] }), `not parked: ${held}`],
    [asleep('a', { waitingBecause: 'waits for 0.5 CU: 2 of 2 CU are awake' }), 'waits for 0.5 CU: 2 of 2 CU are awake'],
    [
      topEntry('a', { state: 'resuming', stateSince: '2026-11-25T21:59:58.900Z', suspendsAt: null }),
      'resuming for 1 s',
    ],
  ];
  it.each(cases)('%#: is told in a few words', (entry, text) => {
    expect(whyText(entry, nowMs)).toBe(text);
  });
});
