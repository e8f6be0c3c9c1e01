import { amountOf, METERS, type Meter, type Micros, type Month, type RateCard } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { HourUsage } from '../hourly.ts';
import { cardFor, createRater, type Charge } from './rater.ts';

/** What one compute used of one meter while one version of a rate card was valid, or what of it is free. */
export interface BillLine {
  readonly kind: 'usage' | 'allowance';
  readonly computeId: string;
  readonly compute: string;
  readonly meter: Meter;
  readonly card: RateCard;
  /** The first hour of use, and the end of the last. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** In the ledger's whole numbers, of which `perUnit` are one of what the price is for; below zero for an allowance. */
  readonly quantity: bigint;
  readonly perUnit: bigint;
  /** `quantity` times price, rounded once as the card says. */
  readonly amount: Micros;
}

/** Milliseconds of activity by day of the month, from the first. */
export interface AwakeDays {
  readonly computeId: string;
  readonly compute: string;
  readonly daysMs: readonly number[];
}

export interface Bill {
  readonly project: string;
  readonly month: Month;
  /** The end of the month, or, of one that is not over, until when it is counted. */
  readonly untilMs: number;
  readonly isOpen: boolean;
  readonly currency: string;
  /** By compute, meter and time; what is free is right behind what it is of. */
  readonly lines: readonly BillLine[];
  readonly computes: readonly { readonly computeId: string; readonly compute: string; readonly amount: Micros }[];
  /** Sums of lines: of those of use, of allowances, and of both. */
  readonly usage: Micros;
  readonly allowance: Micros;
  readonly total: Micros;
  /** The versions that lines name, in order of use. */
  readonly cards: readonly RateCard[];
  readonly awake: readonly AwakeDays[];
}

export interface BillQuery {
  readonly project: string;
  readonly month: Month;
  readonly untilMs: number;
}

export interface BillMaker {
  /** The hours of the project in their order, from the month's first. */
  add(hour: HourUsage): void;
  /** @throws RATES_CONFLICT */
  finish(): Bill;
}

interface OpenLine {
  readonly charge: Charge;
  readonly kind: BillLine['kind'];
  quantity: bigint;
  lastHourMs: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Every line is rounded once, and all else is a sum of lines, so that a bill adds up as it is printed. An allowance is a line
 * of its compute: what is wholly free comes to zero, however it is rounded.
 */
export function createBill(cards: readonly RateCard[], query: BillQuery): BillMaker {
  const rater = createRater(cards);
  const lines = new Map<string, OpenLine>();
  const awake = new Map<string, { compute: string; daysMs: number[] }>();

  function count(charge: Charge, kind: BillLine['kind'], quantity: bigint): void {
    if (quantity === 0n) return;
    const { hour, meter, card } = charge;
    const key = [hour.computeId, meter, card.name, card.version, kind].join(' ');
    const line = lines.get(key) ?? { charge, kind, quantity: 0n, lastHourMs: hour.hourMs };
    line.quantity += quantity;
    line.lastHourMs = hour.hourMs;
    lines.set(key, line);
  }

  function countAwake({ computeId, compute, activeMs, hourMs }: HourUsage): void {
    if (activeMs === 0) return;
    const entry = awake.get(computeId) ?? { compute, daysMs: emptyDays(query.month) };
    const day = Math.floor((hourMs - query.month.beginMs) / DAY_MS);
    entry.daysMs[day] = (entry.daysMs[day] ?? 0) + activeMs;
    awake.set(computeId, entry);
  }

  return {
    add(hour) {
      countAwake(hour);
      for (const charge of rater.rate(hour)) {
        count(charge, 'usage', charge.quantity);
        count(charge, 'allowance', -charge.free);
      }
    },
    finish() {
      const closed = [...lines.values()].map((line) => close(line, query.untilMs)).sort(byPlace);
      return {
        ...sums(closed),
        project: query.project,
        month: query.month,
        untilMs: query.untilMs,
        isOpen: query.untilMs < query.month.endMs,
        currency: currencyOf(closed, cards, query),
        lines: closed,
        cards: [...new Set(closed.map(({ card }) => card))].sort((a, b) => firstUse(closed, a) - firstUse(closed, b)),
        awake: [...awake]
          .map(([computeId, { compute, daysMs }]) => ({ computeId, compute, daysMs }))
          .sort((a, b) => byName(a, b)),
      };
    },
  };
}

function emptyDays({ beginMs, endMs }: Month): number[] {
  return Array.from({ length: (endMs - beginMs) / DAY_MS }, () => 0);
}

function close({ charge, kind, quantity, lastHourMs }: OpenLine, untilMs: number): BillLine {
  const { hour, meter, card, perUnit } = charge;
  return {
    kind,
    computeId: hour.computeId,
    compute: hour.compute,
    meter,
    card,
    fromMs: hour.hourMs,
    untilMs: Math.min(lastHourMs + HOUR_MS, untilMs),
    quantity,
    perUnit,
    amount: amountOf(card.prices[meter], quantity, perUnit, card.rounding),
  };
}

function byPlace(a: BillLine, b: BillLine): number {
  return (
    byName(a, b) ||
    METERS.indexOf(a.meter) - METERS.indexOf(b.meter) ||
    byText(a.card.name, b.card.name) ||
    a.card.version - b.card.version ||
    byText(b.kind, a.kind)
  );
}

function byName(a: { compute: string; computeId: string }, b: { compute: string; computeId: string }): number {
  return byText(a.compute, b.compute) || byText(a.computeId, b.computeId);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function firstUse(lines: readonly BillLine[], card: RateCard): number {
  return Math.min(...lines.filter((line) => line.card === card).map(({ fromMs }) => fromMs));
}

function sums(lines: readonly BillLine[]): Pick<Bill, 'computes' | 'usage' | 'allowance' | 'total'> {
  const of = (kind: BillLine['kind']): Micros => sum(lines.filter((line) => line.kind === kind));
  const byCompute = Map.groupBy(lines, ({ computeId }) => computeId);
  return {
    computes: [...byCompute].map(([computeId, its]) => ({
      computeId,
      compute: its[0]?.compute ?? '',
      amount: sum(its),
    })),
    usage: of('usage'),
    allowance: of('allowance'),
    total: sum(lines),
  };
}

function sum(lines: readonly BillLine[]): Micros {
  return lines.reduce((total, { amount }) => total + amount, 0n);
}

function currencyOf(lines: readonly BillLine[], cards: readonly RateCard[], { project, untilMs }: BillQuery): string {
  const found = [...new Set(lines.map(({ card }) => card.currency))];
  const [currency = cardFor(cards, project, untilMs - 1).currency] = found;
  if (found.length <= 1) return currency;
  throw new DozeError('RATES_CONFLICT', `project "${project}" has prices in ${found.join(' and ')} in one month`, {
    hint: `let the new currency begin with a month: doze rate set NAME --currency ${found.at(-1) ?? currency} --from YYYY-MM`,
    details: { project, currencies: found },
  });
}
