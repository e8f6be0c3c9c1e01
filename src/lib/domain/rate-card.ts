import { DozeError } from '../errors/index.ts';
import { currencyExponent } from './currency.ts';
import { METERS, type Meter } from './meter.ts';
import { MICROS_PER_UNIT, type Micros, type RoundingRule } from './money.ts';

/**
 * One version of what things cost. Versions are added and never changed: a correction is a new one, which counts instead of
 * those before wherever it is valid.
 */
export interface RateCard {
  readonly name: string;
  /** From 1; 0 is the one of a host that has none. */
  readonly version: number;
  /** Null is every project of the host that has none of its own. */
  readonly project: string | null;
  /** ISO 4217. */
  readonly currency: string;
  /** For one CU-hour, hour, GB-month, GB. */
  readonly prices: Readonly<Record<Meter, Micros>>;
  /** Millionths of the same units that each project has free in a calendar month. */
  readonly free: Readonly<Record<Meter, bigint>>;
  /** How each line of a bill is rounded. */
  readonly rounding: RoundingRule;
  /** Whole hours of UTC; the end is exclusive, null is none. */
  readonly validFromMs: number;
  readonly validUntilMs: number | null;
  readonly addedAtMs: number;
}

const HOUR_MS = 3_600_000;

export function forEachMeter<Value>(value: (meter: Meter) => Value): Record<Meter, Value> {
  return Object.fromEntries(METERS.map((meter) => [meter, value(meter)])) as Record<Meter, Value>;
}

/** Of a host that was told no prices: everything is free, in the currency that other hours are billed in. */
export function freeOfCharge(currency = 'USD'): RateCard {
  return {
    name: 'none',
    version: 0,
    project: null,
    currency,
    prices: forEachMeter(() => 0n),
    free: forEachMeter(() => 0n),
    rounding: { mode: 'half-even', decimals: currencyExponent(currency) },
    validFromMs: 0,
    validUntilMs: null,
    addedAtMs: 0,
  };
}

/**
 * What an hour of a project is billed by: the version added last of those that are valid then, the project's own before the
 * host's. Null where there is none.
 * @param cards in the order in which they were added
 */
export function cardAt(cards: readonly RateCard[], project: string, hourMs: number): RateCard | null {
  const isValid = (card: RateCard): boolean =>
    card.validFromMs <= hourMs && (card.validUntilMs === null || hourMs < card.validUntilMs);
  return (
    cards.findLast((card) => card.project === project && isValid(card)) ??
    cards.findLast((card) => card.project === null && isValid(card)) ??
    null
  );
}

/** @throws VALUE_INVALID */
export function checkRateCard(card: RateCard): RateCard {
  const { validFromMs, validUntilMs, rounding } = card;
  for (const edgeMs of [validFromMs, validUntilMs ?? 0]) {
    if (edgeMs % HOUR_MS !== 0) {
      throw new DozeError('VALUE_INVALID', `prices cannot change at ${iso(edgeMs)}: usage is billed by whole hours`, {
        hint: `use a whole hour of UTC, such as ${iso(Math.floor(edgeMs / HOUR_MS) * HOUR_MS)}`,
      });
    }
  }
  if (validUntilMs !== null && validUntilMs <= validFromMs) {
    throw new DozeError(
      'VALUE_INVALID',
      `a rate card from ${iso(validFromMs)} until ${iso(validUntilMs)} is never valid`,
      {
        hint: 'give a --from that is before --until',
      },
    );
  }
  if (!Number.isInteger(rounding.decimals) || rounding.decimals < 0 || rounding.decimals > 6) {
    throw new DozeError('VALUE_INVALID', `amounts cannot have ${rounding.decimals} decimals`, {
      hint: 'use 0 to 6, or leave --decimals out for those of the currency',
    });
  }
  return card;
}

/** Of a meter's allowance, in the ledger's whole numbers. */
export function freeQuantity(card: RateCard, meter: Meter, perUnit: bigint): bigint {
  return (card.free[meter] * perUnit) / MICROS_PER_UNIT;
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.000Z$/, 'Z');
}
