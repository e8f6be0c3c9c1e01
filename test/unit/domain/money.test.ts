import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  amountOf,
  currencyExponent,
  formatMicros,
  formatRatio,
  formatScaled,
  parseCurrency,
  parseMicros,
  ROUNDINGS,
} from '../../../src/lib/domain/index.ts';
import { hasCode } from '../../../src/lib/errors/index.ts';

const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 15n });
const rule = fc.record({ mode: fc.constantFrom(...ROUNDINGS), decimals: fc.nat(6) });

function stepOf(decimals: number): bigint {
  return BigInt(`1${'0'.repeat(6 - decimals)}`);
}

describe('an amount', () => {
  it.each([
    ['half-even', ['0', '0.02', '0.02', '0.04', '-0.02']],
    ['half-up', ['0.01', '0.02', '0.03', '0.04', '-0.02']],
    ['up', ['0.01', '0.02', '0.03', '0.04', '-0.02']],
    ['down', ['0', '0.01', '0.02', '0.03', '-0.01']],
  ] as const)('of 0.5, 1.5, 2.5, 3.6 and -1.5 hundredths is rounded %s', (mode, expected) => {
    const amounts = [5n, 15n, 25n, 36n, -15n].map((tenths) => amountOf(1_000n, tenths, 1n, { mode, decimals: 2 }));
    expect(amounts.map((micros) => formatMicros(micros))).toEqual(expected);
  });

  it('is a whole number of steps, less than one step from the exact value, and within half a step where it goes to the nearest', () => {
    fc.assert(
      fc.property(positive, whole, positive, rule, (price, quantity, perUnit, { mode, decimals }) => {
        const step = stepOf(decimals);
        const amount = amountOf(price, quantity, perUnit, { mode, decimals });
        expect(amount % step).toBe(0n);
        const off = amount * perUnit - price * quantity;
        const size = off < 0n ? -off : off;
        expect(mode.startsWith('half') ? size * 2n <= step * perUnit : size < step * perUnit).toBe(true);
        const outwards = quantity < 0n ? -off : off;
        if (mode === 'down') expect(outwards <= 0n).toBe(true);
        if (mode === 'up') expect(outwards >= 0n).toBe(true);
      }),
    );
  });

  it('of a credit is that of the charge with the other sign, and of less is never more', () => {
    fc.assert(
      fc.property(positive, positive, positive, positive, rule, (price, quantity, more, perUnit, rounding) => {
        const amount = amountOf(price, quantity, perUnit, rounding);
        expect(amountOf(price, -quantity, perUnit, rounding)).toBe(-amount);
        expect(amountOf(price, quantity + more, perUnit, rounding) >= amount).toBe(true);
      }),
    );
  });
});

describe('a decimal', () => {
  it('that is written can be read, and is the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.nat(6), (micros, minDecimals) => {
        const text = formatMicros(micros, minDecimals);
        expect(parseMicros(text, 'a price')).toBe(micros);
        expect(text.split('.')[1]?.length ?? 0).toBeGreaterThanOrEqual(minDecimals);
      }),
    );
  });

  it.each([
    [formatMicros(160_000n), '0.16'],
    [formatMicros(2_000_000n, 2), '2.00'],
    [formatMicros(-1n), '-0.000001'],
    [formatMicros(0n), '0'],
    [formatScaled(1_234n, 0), '1234'],
    [formatRatio(1n, 3n, 6), '0.333333'],
    [formatRatio(-2n, 3n, 2), '-0.67'],
    [formatRatio(7n, 7n, 6), '1'],
  ])('reads %s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it.each(['', '-1', '1.', '.5', '1e3', '0.1234567', '1,5', 'NaN', '0x10', '9999999999999', '1000000000000.000001'])(
    'is not "%s", which is refused',
    (text) => {
      expect(() => parseMicros(text, 'a price')).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
    },
  );
});

describe('a currency', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['usd', 2],
  ])('%s has its exponent of ISO 4217', (text, exponent) => {
    expect(currencyExponent(parseCurrency(text))).toBe(exponent);
  });

  it('that is none is refused with the nearest one', () => {
    let thrown: unknown;
    try {
      parseCurrency('EURO');
    } catch (error) {
      thrown = error;
    }
    expect(hasCode(thrown, 'VALUE_INVALID') && thrown.hint).toContain('EUR');
  });
});
