import { currencyExponent, formatMicros, formatMonth, formatRatio, METER_UNITS } from '../domain/index.ts';
import type { Bill, BillLine } from '../metering/index.ts';
import type { BillLineView, BillView } from './contract.ts';
import { isoTime } from './iso-time.ts';
import { rateCardView } from './rate-card-view.ts';

/** Of what one pays a quantity of, as many decimals as tell a second from none. */
const QUANTITY_DECIMALS = 6;

/** @param alwaysOn the same month had nobody slept, or null */
export function billView(bill: Bill, alwaysOn: Bill | null): BillView {
  const cents = currencyExponent(bill.currency);
  return {
    ...sumsOf(bill, cents),
    project: bill.project,
    month: formatMonth(bill.month),
    since: isoTime(bill.month.beginMs),
    until: isoTime(bill.untilMs),
    open: bill.isOpen,
    currency: bill.currency,
    lines: bill.lines.map((line) => lineView(line, cents)),
    rateCards: bill.cards.filter(({ version }) => version > 0).map(rateCardView),
    awake: bill.awake.map(({ compute, computeId, daysMs }) => ({
      compute,
      computeId,
      secondsByDay: daysMs.map((ms) => ms / 1000),
    })),
    alwaysOn: alwaysOn === null ? null : { ...sumsOf(alwaysOn, cents), ...savingOf(bill, alwaysOn, cents) },
  };
}

function sumsOf(bill: Bill, cents: number): Pick<BillView, 'computes' | 'usage' | 'allowance' | 'total'> {
  return {
    computes: bill.computes.map(({ compute, computeId, amount }) => ({
      compute,
      computeId,
      amount: formatMicros(amount, cents),
    })),
    usage: formatMicros(bill.usage, cents),
    allowance: formatMicros(bill.allowance, cents),
    total: formatMicros(bill.total, cents),
  };
}

function savingOf(bill: Bill, alwaysOn: Bill, cents: number) {
  const saved = alwaysOn.total - bill.total;
  return {
    saved: formatMicros(saved, cents),
    savedPercent: alwaysOn.total === 0n ? null : Number(formatRatio(saved * 100n, alwaysOn.total, 1)),
  };
}

function lineView(line: BillLine, cents: number): BillLineView {
  const { kind, compute, computeId, meter, card } = line;
  return {
    kind,
    compute,
    computeId,
    meter,
    rateCard: card.name,
    rateCardVersion: card.version,
    from: isoTime(line.fromMs),
    until: isoTime(line.untilMs),
    quantity: formatRatio(line.quantity, line.perUnit, QUANTITY_DECIMALS),
    unit: METER_UNITS[meter].pricingUnit,
    unitPrice: formatMicros(card.prices[meter], cents),
    amount: formatMicros(line.amount, cents),
  };
}
