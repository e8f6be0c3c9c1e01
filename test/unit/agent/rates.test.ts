import { describe, expect, it } from 'vitest';

import { nextRateCard } from '../../../src/lib/agent/services/rates.ts';
import { formatMicros } from '../../../src/lib/domain/index.ts';
import { rateCard } from '../../support/rate-cards.ts';

const NOW_MS = Date.UTC(2026, 10, 25, 14, 30);
const FIRST = rateCard({ prices: { compute: '0.16', storage: '0.35' }, free: { compute: '10' } });

describe('the first version of a rate card', () => {
  it('is for this month, rounds as its currency does, and has no prices but those that are said', () => {
    const card = nextRateCard('yen', { currency: 'jpy', prices: { compute: '25' } }, [], NOW_MS);
    expect(card).toMatchObject({
      currency: 'JPY',
      project: null,
      rounding: { mode: 'half-even', decimals: 0 },
      validFromMs: Date.UTC(2026, 10),
      validUntilMs: null,
    });
    expect([formatMicros(card.prices.compute), formatMicros(card.prices.storage)]).toEqual(['25', '0']);
  });

  it('needs a currency', () => {
    expect(() => nextRateCard('standard', { prices: { compute: '1' } }, [], NOW_MS)).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID', hint: expect.stringContaining('--currency') as string }),
    );
  });
});

describe('a later version', () => {
  it('has what is not said from the one before, and begins with the next hour', () => {
    const card = nextRateCard('standard', { prices: { compute: '0.2' } }, [FIRST], NOW_MS);
    expect([card.prices.compute, card.prices.storage, card.free.compute]).toEqual([200_000n, 350_000n, 10_000_000n]);
    expect(card.validFromMs).toBe(Date.UTC(2026, 10, 25, 15));
  });

  it('stays with whoever the card is of', () => {
    const own = rateCard({ name: 'own', project: 'shop' });
    expect(nextRateCard('own', { prices: {} }, [FIRST, own], NOW_MS).project).toBe('shop');
    expect(() => nextRateCard('standard', { project: 'shop' }, [FIRST, own], NOW_MS)).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID', message: 'rate card "standard" is one of the whole host' }),
    );
  });

  it('has another currency only from the begin of a month', () => {
    const change = (validFrom: string) =>
      nextRateCard('standard', { currency: 'USD', validFrom }, [FIRST], NOW_MS).validFromMs;
    expect(() => change('2026-12-01T01:00:00Z')).toThrow(
      expect.objectContaining({ code: 'RATES_CONFLICT', hint: expect.stringContaining('--from 2027-01') as string }),
    );
    expect(change('2026-12-01T00:00:00Z')).toBe(Date.UTC(2026, 11));
  });

  it.each([
    [{ currency: 'EURO' }],
    [{ prices: { compute: '1e3' } }],
    [{ free: { egress: '-1' } }],
    [{ validFrom: '2026-12-01T00:30:00Z' }],
    [{ validFrom: '2026-12-02T00:00:00Z', validUntil: '2026-12-01T00:00:00Z' }],
    [{ rounding: { decimals: 9 } }],
  ])('is refused with %j', (request) => {
    expect(() => nextRateCard('standard', request, [FIRST], NOW_MS)).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID' }),
    );
  });
});
