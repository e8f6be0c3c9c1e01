import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { METERS, monthOf, parseMonth, ROUNDINGS, type RateCard } from '../../../src/lib/domain/index.ts';
import { createBill, type Bill, type HourUsage } from '../../../src/lib/metering/index.ts';
import { rateCard } from '../../support/rate-cards.ts';
import { usedHour } from '../../support/used-hour.ts';

const HOUR_MS = 3_600_000;
const NOVEMBER = parseMonth('2026-11');
const START_MS = NOVEMBER.beginMs;
const CU_HOUR = 4 * HOUR_MS;

function billOf(cards: readonly RateCard[], hours: readonly HourUsage[], untilMs = NOVEMBER.endMs): Bill {
  const maker = createBill(cards, { project: 'default', month: monthOf(START_MS), untilMs });
  for (const hour of hours) maker.add(hour);
  return maker.finish();
}

function hour(index: number, changes: Partial<HourUsage> = {}): HourUsage {
  return usedHour({ hourMs: START_MS + index * HOUR_MS, ...changes });
}

function amounts(bill: Bill): [string, string, number, bigint][] {
  return bill.lines.map(({ compute, meter, kind, card, amount }) => [
    compute,
    kind === 'usage' ? meter : `free ${meter}`,
    card.version,
    amount,
  ]);
}

describe('a bill', () => {
  it('has a line for each compute and meter, their sums, and a total', () => {
    const card = rateCard({ prices: { compute: '0.16', frozen: '0.01', storage: '0.5', egress: '0.09' } });
    const bill = billOf(
      [card],
      [
        hour(0, { activeMs: HOUR_MS, quarterCuMs: CU_HOUR, bytesOut: 3e9 }),
        hour(1, { compute: 'blog', computeId: 'c2', frozenMs: 2 * HOUR_MS, storageByteSeconds: 2e9 * 720 * 3600 }),
      ],
    );
    expect(amounts(bill)).toEqual([
      ['blog', 'frozen', 1, 20_000n],
      ['blog', 'storage', 1, 1_000_000n],
      ['shop', 'compute', 1, 160_000n],
      ['shop', 'egress', 1, 270_000n],
    ]);
    expect(bill).toMatchObject({ usage: 1_450_000n, allowance: 0n, total: 1_450_000n, currency: 'EUR', isOpen: false });
    expect(bill.computes.map(({ compute, amount }) => [compute, amount])).toEqual([
      ['blog', 1_020_000n],
      ['shop', 430_000n],
    ]);
  });

  it('splits its lines at the hour at which prices change, and names the version of each', () => {
    const cards = [
      rateCard({ version: 1, prices: { compute: '1' } }),
      rateCard({ version: 2, prices: { compute: '2' }, validFromMs: START_MS + 10 * HOUR_MS }),
    ];
    const bill = billOf(
      cards,
      [8, 9, 10, 11, 12].map((index) => hour(index, { quarterCuMs: CU_HOUR })),
    );
    expect(amounts(bill)).toEqual([
      ['shop', 'compute', 1, 2_000_000n],
      ['shop', 'compute', 2, 6_000_000n],
    ]);
    expect(
      bill.lines.map(({ fromMs, untilMs }) => [(fromMs - START_MS) / HOUR_MS, (untilMs - START_MS) / HOUR_MS]),
    ).toEqual([
      [8, 10],
      [10, 13],
    ]);
    expect(bill.cards.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('takes what is free off as lines of their own, first come first served', () => {
    const card = rateCard({ prices: { compute: '1' }, free: { compute: '2.5' } });
    const blog = { compute: 'blog', computeId: 'c2' };
    const bill = billOf(
      [card],
      [
        hour(0, { ...blog, quarterCuMs: CU_HOUR }),
        hour(0, { quarterCuMs: CU_HOUR }),
        hour(1, { ...blog, quarterCuMs: CU_HOUR }),
        hour(1, { quarterCuMs: CU_HOUR }),
      ],
    );
    expect(amounts(bill)).toEqual([
      ['blog', 'compute', 1, 2_000_000n],
      ['blog', 'free compute', 1, -1_500_000n],
      ['shop', 'compute', 1, 2_000_000n],
      ['shop', 'free compute', 1, -1_000_000n],
    ]);
    expect(bill).toMatchObject({ usage: 4_000_000n, allowance: -2_500_000n, total: 1_500_000n });
  });

  it('counts what was free before against what a later card allows in the same month', () => {
    const cards = [
      rateCard({ version: 1, prices: { compute: '1' }, free: { compute: '2' } }),
      rateCard({ version: 2, prices: { compute: '1' }, free: { compute: '3' }, validFromMs: START_MS + 3 * HOUR_MS }),
    ];
    const bill = billOf(
      cards,
      [0, 1, 2, 3, 4].map((index) => hour(index, { quarterCuMs: CU_HOUR })),
    );
    expect(amounts(bill).filter(([, what]) => what === 'free compute')).toEqual([
      ['shop', 'free compute', 1, -2_000_000n],
      ['shop', 'free compute', 2, -1_000_000n],
    ]);
  });

  it.each(['2026-02', '2024-02', '2026-11', '2026-12'])(
    'asks the price of one GB-month for a GB that was kept all %s, however long it is',
    (text) => {
      const month = parseMonth(text);
      const maker = createBill([rateCard({ prices: { storage: '0.35' } })], {
        project: 'default',
        month,
        untilMs: month.endMs,
      });
      for (let atMs = month.beginMs; atMs < month.endMs; atMs += HOUR_MS) {
        maker.add(usedHour({ hourMs: atMs, storageByteSeconds: 1e9 * 3600 }));
      }
      expect(maker.finish().total).toBe(350_000n);
    },
  );

  it('of a host without prices says what was used, and comes to nothing', () => {
    const bill = billOf([], [hour(0, { quarterCuMs: CU_HOUR })], START_MS + HOUR_MS / 2);
    expect(amounts(bill)).toEqual([['shop', 'compute', 0, 0n]]);
    expect(bill).toMatchObject({ total: 0n, currency: 'USD', isOpen: true });
    expect(bill.lines[0]).toMatchObject({ fromMs: START_MS, untilMs: START_MS + HOUR_MS / 2 });
  });

  it('is not made of two currencies', () => {
    const cards = [rateCard(), rateCard({ version: 2, currency: 'USD', validFromMs: START_MS + HOUR_MS })];
    const hours = [hour(0, { quarterCuMs: 1 }), hour(1, { quarterCuMs: 1 })];
    expect(() => billOf(cards, hours)).toThrow(expect.objectContaining({ code: 'RATES_CONFLICT' }));
  });

  it('tells how long each compute was awake on each day', () => {
    const bill = billOf(
      [],
      [hour(0, { activeMs: 5 }), hour(23, { activeMs: 6 }), hour(24, { activeMs: 7 }), hour(719, { activeMs: 8 })],
    );
    const days = bill.awake[0]?.daysMs ?? [];
    expect([days.length, days[0], days[1], days[29]]).toEqual([30, 11, 7, 8]);
  });
});

describe('any bill', () => {
  const quantity = fc.oneof(fc.constant(0), fc.nat(10_000), fc.nat(2 ** 40));
  const price = fc.nat(5_000_000).map((micros) => (micros / 1e6).toFixed(6));
  const anyCard = fc.record({
    fromHour: fc.nat(719),
    mode: fc.constantFrom(...ROUNDINGS),
    decimals: fc.nat(4),
    prices: fc.record(Object.fromEntries(METERS.map((meter) => [meter, price]))),
    free: fc.record(Object.fromEntries(METERS.map((meter) => [meter, price]))),
  });
  const anyHour = fc.record({
    index: fc.nat(719),
    who: fc.nat(2),
    quarterCuMs: quantity,
    frozenMs: quantity,
    hibernatedMs: quantity,
    storageByteSeconds: quantity,
    bytesOut: quantity,
  });

  it('adds up as it is printed, is never less than nothing, and has no line that is more than its exact value by a step', () => {
    fc.assert(
      fc.property(
        fc.array(anyCard, { minLength: 1, maxLength: 3 }),
        fc.array(anyHour, { maxLength: 40 }),
        (drawn, uses) => {
          const cards = drawn.map(({ fromHour, mode, decimals, prices, free }, index) =>
            rateCard({
              version: index + 1,
              validFromMs: index === 0 ? 0 : START_MS + fromHour * HOUR_MS,
              rounding: { mode, decimals },
              prices,
              free,
            }),
          );
          const hours = uses
            .toSorted((a, b) => a.index - b.index || a.who - b.who)
            .map(({ index, who, ...used }) => hour(index, { compute: `c${who}`, computeId: `id${who}`, ...used }));
          const bill = billOf(cards, hours);
          const sum = (values: readonly { amount: bigint }[]): bigint =>
            values.reduce((all, { amount }) => all + amount, 0n);
          expect(sum(bill.lines)).toBe(bill.total);
          expect(sum(bill.computes)).toBe(bill.total);
          expect(bill.usage + bill.allowance).toBe(bill.total);
          expect(bill.total >= 0n && bill.allowance <= 0n).toBe(true);
          for (const { amount, quantity: used, perUnit, card, meter } of bill.lines) {
            const step = 10n ** BigInt(6 - card.rounding.decimals);
            const off = amount * perUnit - card.prices[meter] * used;
            expect(amount % step).toBe(0n);
            expect((off < 0n ? -off : off) < step * perUnit).toBe(true);
          }
          const usedInAll = hours.reduce((all, { quarterCuMs }) => all + BigInt(quarterCuMs), 0n);
          const billed = bill.lines.filter(({ meter, kind }) => meter === 'compute' && kind === 'usage');
          expect(billed.reduce((all, { quantity: used }) => all + used, 0n)).toBe(usedInAll);
        },
      ),
    );
  });
});
