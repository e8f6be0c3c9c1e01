import { describe, expect, it } from 'vitest';

import type { BillView } from '../../../src/lib/api/client/index.ts';
import { billHtml, billText, unpricedHint } from '../../../src/lib/cli/views/index.ts';
import { PLAIN } from '../../../src/lib/cli/colour.ts';

const CARD: BillView['rateCards'][number] = {
  name: 'standard',
  version: 2,
  project: null,
  currency: 'EUR',
  prices: { compute: '0.16', frozen: '0', hibernated: '0', storage: '0.35', egress: '0.09' },
  free: { compute: '2', frozen: '0', hibernated: '0', storage: '0', egress: '0' },
  rounding: { mode: 'half-even', decimals: 2 },
  validFrom: '2026-11-01T00:00:00.000Z',
  validUntil: null,
  addedAt: '2026-11-01T00:00:00.000Z',
};

const LINE: BillView['lines'][number] = {
  kind: 'usage',
  compute: 'shop',
  computeId: 'c1',
  meter: 'compute',
  rateCard: 'standard',
  rateCardVersion: 2,
  from: '2026-11-05T14:00:00.000Z',
  until: '2026-11-07T09:00:00.000Z',
  quantity: '12.5',
  unit: 'CU-Hours',
  unitPrice: '0.16',
  amount: '2.00',
};

function billWith(changes: Partial<BillView> = {}): BillView {
  return {
    project: 'default',
    month: '2026-11',
    since: '2026-11-01T00:00:00.000Z',
    until: '2026-11-25T14:30:12.345Z',
    open: true,
    currency: 'EUR',
    lines: [LINE, { ...LINE, kind: 'allowance', quantity: '-2', amount: '-0.32' }],
    computes: [{ compute: 'shop', computeId: 'c1', amount: '1.68' }],
    usage: '2.00',
    allowance: '-0.32',
    total: '1.68',
    rateCards: [CARD],
    awake: [{ compute: 'shop', computeId: 'c1', secondsByDay: [0, 3600, 86_400, ...Array<number>(27).fill(0)] }],
    alwaysOn: null,
    ...changes,
  };
}

const HOSTILE = `<img src=x onerror="alert('1')">&\u0007`;

describe('a bill in the terminal', () => {
  it('has its lines, a sum for each compute, and the total', () => {
    expect(billText(billWith(), null, PLAIN).split('\n')).toEqual([
      'bill of project default for 2026-11, so far (until 2026-11-25T14:30Z)',
      'COMPUTE  WHAT        FROM               UNTIL              QUANTITY  UNIT      PRICE  RATE CARD      EUR',
      'shop     active      2026-11-05T14:00Z  2026-11-07T09:00Z      12.5  CU-Hours   0.16  standard v2   2.00',
      'shop     free of it  2026-11-05T14:00Z  2026-11-07T09:00Z        -2  CU-Hours   0.16  standard v2  -0.32',
      'shop     sum                                                                                        1.68',
      '(all)    total                                                                                      1.68',
    ]);
  });

  it('says what always on had cost', () => {
    const alwaysOn = {
      computes: [],
      usage: '96.00',
      allowance: '-0.32',
      total: '95.68',
      saved: '94.00',
      savedPercent: 98.2,
    };
    expect(billText(billWith({ alwaysOn }), null, PLAIN)).toContain(
      'always on, at its largest size, it had cost 95.68 EUR: 94.00 EUR (98.2 %) saved',
    );
  });

  it('says what to type where nothing has a price', () => {
    expect(unpricedHint(billWith())).toBeNull();
    expect(unpricedHint(billWith({ lines: [{ ...LINE, rateCardVersion: 0 }] }))).toContain('doze rate set standard');
  });
});

describe('a bill as a page', () => {
  it('needs nothing besides itself, and runs nothing', () => {
    const html = billHtml(billWith());
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<object|\bon\w+=|javascript:|https?:|url\(|@import/i);
  });

  it('is well formed: each element is ended where it has to be', () => {
    expect(unbalanced(billHtml(billWith()))).toEqual([]);
    expect(unbalanced('<p><b>x</p></b>')).not.toEqual([]);
  });

  it('has the lines, sums, prices, and a bar for each day on which something was awake', () => {
    const html = billHtml(billWith());
    expect(html).toContain('<td class="number">-0.32</td>');
    expect(html).toContain('<tr class="total"><td></td><td>total</td>');
    expect(html).toContain('standard v2 (EUR)');
    expect(html.match(/<rect /g)).toHaveLength(2);
    expect(html).toContain('<title>shop, 2026-11-02: 1 h</title>');
    expect(html).toContain('<title>shop, 2026-11-03: 1 d</title>');
  });

  it('escapes every text that it is given', () => {
    const hostile = billWith({
      project: HOSTILE,
      month: HOSTILE,
      currency: HOSTILE,
      lines: [{ ...LINE, compute: HOSTILE, rateCard: HOSTILE, quantity: HOSTILE, unit: HOSTILE, amount: HOSTILE }],
      computes: [{ compute: HOSTILE, computeId: 'c1', amount: HOSTILE }],
      rateCards: [
        { ...CARD, name: HOSTILE, currency: HOSTILE, validFrom: HOSTILE, prices: { ...CARD.prices, compute: HOSTILE } },
      ],
      awake: [{ compute: HOSTILE, computeId: 'c1', secondsByDay: [10] }],
      alwaysOn: { computes: [], usage: '', allowance: '', total: HOSTILE, saved: HOSTILE, savedPercent: null },
    });
    const html = billHtml(hostile);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u0007');
    expect(unbalanced(html)).toEqual([]);
  });

  it('shows those that were awake most where there are many, and says that there are more', () => {
    const awake = Array.from({ length: 30 }, (_, index) => ({
      compute: `c${index}`,
      computeId: `c${index}`,
      secondsByDay: [index],
    }));
    const html = billHtml(billWith({ awake }));
    expect(html).toContain('and 10 more that were awake for less');
    expect(html).toContain('>c29</text>');
    expect(html).not.toContain('>c9</text>');
  });
});

/** Elements that end where another one has to, or never. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, slash, name = '', isEmpty] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
    if (isEmpty === '/' || name === 'meta') continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) faults.push(name);
  }
  return [...faults, ...open];
}
