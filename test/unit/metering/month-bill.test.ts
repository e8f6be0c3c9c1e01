import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseMonth, type Meter, type RateCard } from '../../../src/lib/domain/index.ts';
import { billOf } from '../../support/bill-of.ts';
import { liveAMonth, type MonthOfLife } from '../../support/month-of-life.ts';
import { rateCard } from '../../support/rate-cards.ts';

const HOUR_MS = 3_600_000;
const MONTH = parseMonth('2026-02');
const CHANGE_MS = MONTH.beginMs + 300 * HOUR_MS;
/** 28 days. */
const MONTH_SECONDS = 28n * 86_400n;

const CARDS: readonly RateCard[] = [
  rateCard({
    version: 1,
    prices: { compute: '0.16', frozen: '0.005', hibernated: '0.001', storage: '0.35', egress: '0.09' },
    free: { compute: '20', storage: '0.5', egress: '1.5' },
  }),
  rateCard({
    version: 2,
    prices: { compute: '0.1733', frozen: '0.0061', hibernated: '0.0013', storage: '0.37', egress: '0.0875' },
    free: { compute: '25', storage: '0.5', egress: '1.5' },
    rounding: { mode: 'half-even', decimals: 4 },
    validFromMs: CHANGE_MS,
  }),
];

/** One use: so much of a meter by one compute in one hour, as a fraction of what the price is for. */
interface Use {
  readonly compute: string;
  readonly computeId: string;
  readonly meter: Meter;
  readonly hourMs: number;
  readonly amount: bigint;
}

/** By hand: of what was seen, not of the ledger. */
const PER_UNIT: Readonly<Record<Meter, bigint>> = {
  compute: 4n * 3_600_000n,
  frozen: 3_600_000n,
  hibernated: 3_600_000n,
  storage: 1_000_000_000n * MONTH_SECONDS,
  egress: 1_000_000_000n,
};

function usesOf({ seen, counted }: MonthOfLife, project: string): Use[] {
  const uses: Use[] = [];
  for (const one of seen.filter((interval) => interval.project === project)) {
    const meter = one.kind === 'active' ? 'compute' : one.kind;
    const weight = one.kind === 'active' ? BigInt(one.cu * 4) : 1n;
    for (let hourMs = MONTH.beginMs; hourMs < MONTH.endMs; hourMs += HOUR_MS) {
      const ms = Math.min(one.untilMs, hourMs + HOUR_MS) - Math.max(one.fromMs, hourMs);
      if (ms > 0)
        uses.push({ compute: one.compute, computeId: one.computeId, meter, hourMs, amount: BigInt(ms) * weight });
    }
  }
  for (const { compute, computeId, hourMs, kind, amount, project: whose } of counted) {
    if (whose !== project || hourMs < MONTH.beginMs || hourMs >= MONTH.endMs) continue;
    uses.push({ compute, computeId, meter: kind === 'sentBytes' ? 'egress' : 'storage', hourMs, amount });
  }
  return uses;
}

type Lines = Record<string, { quantity: bigint; micros: bigint }>;

/** Another way to the same: all uses in order, one by one, against what is left of the allowance. */
function linesByHand(uses: readonly Use[]): Lines {
  const quantities = new Map<string, { use: Use; card: RateCard; quantity: bigint }>();
  const used: Partial<Record<Meter, bigint>> = {};
  const put = (use: Use, kind: string, card: RateCard, quantity: bigint): void => {
    const key = `${use.compute} ${use.meter} v${card.version} ${kind}`;
    const before = quantities.get(key)?.quantity ?? 0n;
    if (quantity !== 0n) quantities.set(key, { use, card, quantity: before + quantity });
  };
  const inOrder = uses.toSorted(
    (a, b) => a.hourMs - b.hourMs || (a.compute < b.compute ? -1 : a.compute > b.compute ? 1 : 0),
  );
  for (const use of inOrder) {
    const card = CARDS[use.hourMs < CHANGE_MS ? 0 : 1]!;
    put(use, 'usage', card, use.amount);
    const allowed = (card.free[use.meter] * PER_UNIT[use.meter]) / 1_000_000n;
    const left = allowed - (used[use.meter] ?? 0n);
    const free = left > use.amount ? use.amount : left > 0n ? left : 0n;
    used[use.meter] = (used[use.meter] ?? 0n) + free;
    put(use, 'allowance', card, -free);
  }
  return Object.fromEntries(
    [...quantities].map(([key, { use, card, quantity }]) => [
      key,
      { quantity, micros: halfEven(quantity * card.prices[use.meter], PER_UNIT[use.meter], card.rounding.decimals) },
    ]),
  );
}

/** Half to even, by looking for the nearest of the steps around the value. */
function halfEven(numerator: bigint, denominator: bigint, decimals: number): bigint {
  const step = 10n ** BigInt(6 - decimals);
  const sign = numerator < 0n ? -1n : 1n;
  const size = numerator * sign;
  const below = size / (denominator * step);
  const toBelow = size - below * denominator * step;
  const toAbove = (below + 1n) * denominator * step - size;
  const isBelow = toBelow < toAbove || (toBelow === toAbove && below % 2n === 0n);
  return sign * (isBelow ? below : below + 1n) * step;
}

describe('the bill of a recorded month', () => {
  let lived: MonthOfLife;
  beforeAll(async () => {
    lived = await liveAMonth(20260201, MONTH);
  });
  afterAll(() => {
    lived.harness.control.close();
    lived.store.close();
  });

  it('is of a month in which much happened', () => {
    const { seen, store } = lived;
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(['active', 'frozen', 'hibernated']));
    expect(seen.length).toBeGreaterThan(150);
    expect(store.listEvents({ types: ['resized', 'destroyed'] }).length).toBeGreaterThan(20);
    expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
  });

  it.each(['shop', 'blog'])(
    'of project %s has the lines that what was seen comes to, each to the last digit',
    (project) => {
      const bill = billOf(lived, { project, month: MONTH, untilMs: MONTH.endMs }, CARDS);
      const byHand = linesByHand(usesOf(lived, project));
      const billed = Object.fromEntries(
        bill.lines.map(({ compute, meter, card, kind, quantity, amount }) => [
          `${compute} ${meter} v${card.version} ${kind}`,
          { quantity, micros: amount },
        ]),
      );
      expect(billed).toEqual(byHand);
      expect(bill.total).toBe(Object.values(byHand).reduce((sum, { micros }) => sum + micros, 0n));
      expect(bill.total > 0n).toBe(true);
    },
  );

  it.each(['shop', 'blog'])('of project %s comes beside what always on had cost', (project) => {
    const query = { project, month: MONTH, untilMs: MONTH.endMs };
    const bill = billOf(lived, query, CARDS, { isAlwaysOn: true });
    const uses = usesOf(lived, project).filter(({ meter }) => meter === 'storage' || meter === 'egress');
    for (const one of lived.existence.filter((span) => span.project === project)) {
      for (let hourMs = MONTH.beginMs; hourMs < MONTH.endMs; hourMs += HOUR_MS) {
        const ms = Math.min(one.untilMs, hourMs + HOUR_MS) - Math.max(one.fromMs, hourMs);
        const amount = BigInt(Math.max(0, ms)) * BigInt(one.maxCu * 4);
        if (amount > 0n)
          uses.push({ compute: one.compute, computeId: one.computeId, meter: 'compute', hourMs, amount });
      }
    }
    const byHand = Object.values(linesByHand(uses)).reduce((sum, { micros }) => sum + micros, 0n);
    expect(bill.total).toBe(byHand);
    expect(bill.total > billOf(lived, query, CARDS).total).toBe(true);
  });
});
