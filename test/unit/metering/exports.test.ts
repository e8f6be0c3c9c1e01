import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseMonth } from '../../../src/lib/domain/index.ts';
import {
  completeUntil,
  hourlyUsage,
  usageEvent,
  type HourUsage,
  type UsageEvent,
} from '../../../src/lib/metering/index.ts';
import { billOf } from '../../support/bill-of.ts';
import { exported, exportedParts } from '../../support/exported.ts';
import { focusFaults, MANDATORY_COLUMNS, readFocus, sumMicros } from '../../support/focus-validator.ts';
import { liveAMonth } from '../../support/month-of-life.ts';
import { rateCard } from '../../support/rate-cards.ts';
import { readCsv } from '../../support/read-csv.ts';
import { usedHour } from '../../support/used-hour.ts';

const HOUR_MS = 3_600_000;
const MONTH = parseMonth('2026-02');
const WINDOW = { sinceMs: MONTH.beginMs, untilMs: MONTH.endMs };
const CARDS = [
  rateCard({
    prices: { compute: '0.1633', frozen: '0.005', hibernated: '0.001', storage: '0.35', egress: '0.09' },
    free: { compute: '20', egress: '1.5' },
  }),
  rateCard({ version: 2, prices: { compute: '0.19' }, validFromMs: MONTH.beginMs + 400 * HOUR_MS }),
];

function hour(index: number, changes: Partial<HourUsage> = {}): HourUsage {
  return usedHour({ hourMs: MONTH.beginMs + index * HOUR_MS, ...changes });
}

const BUSY = {
  activeMs: 1_800_000,
  quarterCuMs: 3_600_001,
  frozenMs: 1_000,
  hibernatedMs: 2_500,
  storageByteSeconds: 3_600_000_000_001,
  bytesIn: 12,
  bytesOut: 2_000_000_001,
  queries: 7,
  wakes: 2,
};

describe('FOCUS', () => {
  it('has 21 mandatory columns, and the check of them finds what is wrong', async () => {
    expect(MANDATORY_COLUMNS).toHaveLength(21);
    const csv = await exported('focus', WINDOW, { hours: [hour(0, BUSY)], cards: CARDS });
    expect(focusFaults(csv)).toEqual([]);
    expect(focusFaults(csv.replace('PricingUnit', 'PriceUnit'))).toEqual(
      expect.arrayContaining(['PricingUnit is not there', 'PriceUnit is no column of FOCUS']),
    );
    expect(focusFaults(csv.replaceAll('Usage-Based', 'Sometimes'))).toContain(
      'row 1: ChargeFrequency cannot be "Sometimes"',
    );
    expect(focusFaults(csv.replaceAll('T01:00:00Z', 'T02:00:00Z'))).toContain(
      'row 1: the charge period is not an hour',
    );
    expect(focusFaults(csv.replace('0.1633', '0.1634')).join()).toContain('ListCost is not price times quantity');
  });

  it('of a recorded month conforms row by row, and its billed cost adds up to the bills', async () => {
    const lived = await liveAMonth(7, MONTH);
    const hours = [...hourlyUsage(lived.store, WINDOW, (segment) => lived.harness.control.openLengthMs(segment))];
    const csv = await exported('focus', WINDOW, { hours, cards: CARDS });
    expect(focusFaults(csv)).toEqual([]);
    const rows = readFocus(csv);
    expect(rows.length).toBeGreaterThan(1000);
    for (const project of ['shop', 'blog']) {
      const bill = billOf(lived, { project, month: MONTH, untilMs: MONTH.endMs }, CARDS);
      const its = rows.filter((row) => row['SubAccountId'] === project);
      expect(sumMicros(its.map((row) => row['BilledCost'] ?? null))).toBe(bill.total);
      const credits = its.filter((row) => row['ChargeCategory'] === 'Credit');
      expect(sumMicros(credits.map((row) => row['BilledCost'] ?? null))).toBe(bill.allowance);
    }
    lived.harness.control.close();
    lived.store.close();
  });

  it('of parts of a month is the same as of the whole, wherever it is cut', async () => {
    const hours = Array.from({ length: 40 }, (_, index) => hour(index * 15, BUSY));
    const whole = readFocus(await exported('focus', WINDOW, { hours, cards: CARDS }));
    await fc.assert(
      fc.asyncProperty(fc.nat(672), fc.integer({ min: 1, max: 60 }), async (cut, partSize) => {
        const cutMs = MONTH.beginMs + cut * HOUR_MS;
        const parts = await Promise.all([
          exported('focus', { sinceMs: WINDOW.sinceMs, untilMs: cutMs }, { hours, cards: CARDS, partSize }),
          exported('focus', { sinceMs: cutMs, untilMs: WINDOW.untilMs }, { hours, cards: CARDS, partSize }),
        ]);
        expect(parts.flatMap((csv) => readFocus(csv))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('says what is billed by which version, whose, and in exact decimals', async () => {
    const csv = await exported('focus', WINDOW, { hours: [hour(0, BUSY)], cards: CARDS, tags: { team: 'a "b", c' } });
    expect(readFocus(csv)[0]).toMatchObject({
      BillingAccountId: 'home1234',
      SubAccountId: 'default',
      ResourceId: 'c1',
      ResourceName: 'shop',
      ChargeCategory: 'Usage',
      ChargePeriodStart: '2026-02-01T00:00:00Z',
      ChargePeriodEnd: '2026-02-01T01:00:00Z',
      BillingPeriodStart: '2026-02-01T00:00:00Z',
      BillingPeriodEnd: '2026-03-01T00:00:00Z',
      ConsumedQuantity: '900.00025',
      ConsumedUnit: 'CU-Seconds',
      PricingQuantity: '0.250000069444',
      PricingUnit: 'CU-Hours',
      ListUnitPrice: '0.1633',
      ListCost: '0.0408250113402052',
      BilledCost: '0.04',
      Tags: '{"team":"a \\"b\\", c"}',
      SkuId: 'doze-compute',
      x_RateCardVersion: '1',
    });
  });

  it('is written in parts of a bounded length, however many hours there are', async () => {
    const hours = Array.from({ length: 672 * 20 }, (_, index) =>
      hour(Math.floor(index / 20), { ...BUSY, computeId: `c${index % 20}` }),
    );
    const lengths = (await exportedParts('focus', WINDOW, { hours, cards: CARDS, partSize: 5_000 })).map(
      ({ length }) => length,
    );
    expect(lengths.length).toBeGreaterThan(100);
    expect(Math.max(...lengths)).toBeLessThan(80 * 1024);
  });
});

describe('CloudEvents', () => {
  const eventsOf = async (hours: readonly HourUsage[]): Promise<UsageEvent[]> =>
    (await exported('cloudevents', WINDOW, { hours }))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as UsageEvent);

  it('tell what was used of each meter, one a line, with the attributes that the specification requires', async () => {
    const events = await eventsOf([hour(5, BUSY)]);
    expect(events.map(({ data }) => [data.meter, data.value, data.unit])).toEqual([
      ['active_seconds', '1800', 's'],
      ['cu_seconds', '900.00025', 's'],
      ['frozen_seconds', '1', 's'],
      ['hibernated_seconds', '2.5', 's'],
      ['storage_byte_seconds', '3600000000001', 'By.s'],
      ['received_bytes', '12', 'By'],
      ['sent_bytes', '2000000001', 'By'],
      ['queries', '7', '1'],
      ['wakes', '2', '1'],
    ]);
    expect(events[1]).toEqual({
      specversion: '1.0',
      id: '2026-02-01T05/c1/cu_seconds/0/900.00025',
      source: 'urn:doze:host:home1234',
      type: 'doze.usage.hour.v1',
      subject: 'c1',
      time: '2026-02-01T06:00:00.000Z',
      datacontenttype: 'application/json',
      data: {
        meter: 'cu_seconds',
        unit: 's',
        value: '900.00025',
        total: '900.00025',
        revision: 0,
        periodStart: '2026-02-01T05:00:00.000Z',
        periodEnd: '2026-02-01T06:00:00.000Z',
        project: 'default',
        compute: 'shop',
        computeId: 'c1',
      },
    });
  });

  it('have the same ids for the same usage, and others for any other', async () => {
    const anyHour = fc.record({
      index: fc.nat(671),
      computeId: fc.constantFrom('c1', 'c2'),
      queries: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(anyHour, anyHour, async (one, other) => {
        const idOf = async ({ index, ...used }: typeof one) => (await eventsOf([hour(index, used)]))[0]?.id;
        const isSame = one.index === other.index && one.computeId === other.computeId && one.queries === other.queries;
        expect((await idOf(one)) === (await idOf(other))).toBe(isSame);
        expect(await idOf(one)).toBe(await idOf(one));
      }),
    );
  });

  it('of a correction tell the difference, and have an id of their own even where it goes back', () => {
    const owner = hour(0);
    const first = usageEvent(owner, 'queries', { total: 10 }, 'h');
    const less = usageEvent(owner, 'queries', { total: 8, before: 10, revision: 1 }, 'h');
    const again = usageEvent(owner, 'queries', { total: 10, before: 8, revision: 2 }, 'h');
    expect([first, less, again].map(({ data }) => data.value)).toEqual(['10', '-2', '2']);
    expect(new Set([first, less, again].map(({ id }) => id)).size).toBe(3);
  });
});

describe('CSV and JSON', () => {
  it('have the same hours, as texts', async () => {
    const hours = [hour(0, BUSY), hour(1, { queries: 1 })];
    const [header = [], ...records] = readCsv(await exported('csv', WINDOW, { hours }));
    const objects = JSON.parse(await exported('json', WINDOW, { hours, partSize: 1 })) as unknown[];
    expect(records.map((record) => Object.fromEntries(header.map((name, at) => [name, record[at]])))).toEqual(objects);
    expect(objects[0]).toMatchObject({
      hour: '2026-02-01T00:00:00Z',
      compute: 'shop',
      cuSeconds: '900.00025',
      wakes: '2',
    });
  });

  it('of nothing are a header and an empty list', async () => {
    expect(readCsv(await exported('csv', WINDOW, { hours: [] }))).toHaveLength(1);
    expect(JSON.parse(await exported('json', WINDOW, { hours: [] }))).toEqual([]);
  });
});

describe('an hour', () => {
  it.each([
    ['14:59:59', '14:00'],
    ['15:04:59', '14:00'],
    ['15:05:00', '15:00'],
  ])('is complete a little after it has ended: at %s all until %s are', (now, until) => {
    const day = '2026-02-03T';
    expect(new Date(completeUntil(Date.parse(`${day}${now}Z`))).toISOString()).toBe(`${day}${until}:00.000Z`);
  });
});
