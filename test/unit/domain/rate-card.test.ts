import { describe, expect, it } from 'vitest';

import { cardAt, checkRateCard, type RateCard } from '../../../src/lib/domain/index.ts';
import { rateCard } from '../../support/rate-cards.ts';

const HOUR_MS = 3_600_000;

function inForce(cards: readonly RateCard[], project: string, hour: number): string | null {
  const card = cardAt(cards, project, hour * HOUR_MS);
  return card === null ? null : `${card.name} ${card.version}`;
}

describe('what an hour is billed by', () => {
  const cards = [
    rateCard({ version: 1, validFromMs: 10 * HOUR_MS }),
    rateCard({ version: 2, validFromMs: 20 * HOUR_MS, validUntilMs: 30 * HOUR_MS }),
    rateCard({ name: 'own', project: 'shop', version: 1, validFromMs: 15 * HOUR_MS, validUntilMs: 25 * HOUR_MS }),
    rateCard({ version: 3, validFromMs: 28 * HOUR_MS, validUntilMs: 29 * HOUR_MS }),
  ];

  it.each([
    [9, null],
    [10, 'standard 1'],
    [19, 'standard 1'],
    [20, 'standard 2'],
    [27, 'standard 2'],
    [28, 'standard 3'],
    [29, 'standard 2'],
    [30, 'standard 1'],
  ])('is in hour %d the version added last that is valid: %s', (hour, expected) => {
    expect(inForce(cards, 'blog', hour)).toBe(expected);
  });

  it.each([
    [14, 'standard 1'],
    [15, 'own 1'],
    [24, 'own 1'],
    [25, 'standard 2'],
  ])("of a project with a card of its own is in hour %d that before the host's: %s", (hour, expected) => {
    expect(inForce(cards, 'shop', hour)).toBe(expected);
  });
});

describe('a rate card', () => {
  it.each([
    ['that changes within an hour', { validFromMs: HOUR_MS / 2 }],
    ['that ends within an hour', { validUntilMs: HOUR_MS / 2 }],
    ['that is never valid', { validFromMs: HOUR_MS, validUntilMs: HOUR_MS }],
    ['that rounds to more than millionths', { rounding: { mode: 'up', decimals: 7 } }],
  ] as const)('%s is refused', (_, changes) => {
    expect(() => checkRateCard(rateCard(changes))).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
  });
});
