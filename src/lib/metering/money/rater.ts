import {
  cardAt,
  freeOfCharge,
  freeQuantity,
  METER_UNITS,
  METERS,
  monthOf,
  type Meter,
  type Month,
  type RateCard,
} from '../../domain/index.ts';
import type { HourUsage } from '../hourly.ts';

/** What one compute used of one meter in one hour, with what it is billed by. */
export interface Charge {
  readonly hour: HourUsage;
  readonly month: Month;
  readonly meter: Meter;
  readonly card: RateCard;
  /** In the ledger's whole numbers, and how much of it the month's allowance covers. */
  readonly quantity: bigint;
  readonly free: bigint;
  /** Of those in one of the unit that the price is for. */
  readonly perUnit: bigint;
}

export interface Rater {
  /** Hours in their order, from the first of a month: an allowance goes to who comes first. Nothing used is no charge. */
  rate(hour: HourUsage): Charge[];
}

/**
 * A project's allowance of a month is used up in order of time, and within an hour in order of the computes' names. Where
 * cards change within the month, what is left is what the later card allows less what was free already.
 * @param cards in the order in which they were added
 */
export function createRater(cards: readonly RateCard[]): Rater {
  let month: Month = { beginMs: 0, endMs: 0 };
  let given = new Map<string, bigint>();

  function enter(hourMs: number): void {
    if (hourMs < month.endMs) return;
    month = monthOf(hourMs);
    given = new Map();
  }

  function takeFree(card: RateCard, project: string, meter: Meter, quantity: bigint, perUnit: bigint): bigint {
    const key = `${project} ${meter}`;
    const before = given.get(key) ?? 0n;
    const left = freeQuantity(card, meter, perUnit) - before;
    const free = left <= 0n ? 0n : left < quantity ? left : quantity;
    if (free > 0n) given.set(key, before + free);
    return free;
  }

  return {
    rate(hour) {
      enter(hour.hourMs);
      const card = cardFor(cards, hour.project, hour.hourMs);
      const charges: Charge[] = [];
      for (const meter of METERS) {
        const quantity = usedOf(hour, meter);
        if (quantity === 0n) continue;
        const perUnit = METER_UNITS[meter].perUnit(month);
        const free = takeFree(card, hour.project, meter, quantity, perUnit);
        charges.push({ hour, month, meter, card, quantity, free, perUnit });
      }
      return charges;
    },
  };
}

/** Where none is valid: free of charge, in the currency that the project is billed in otherwise. */
export function cardFor(cards: readonly RateCard[], project: string, hourMs: number): RateCard {
  const known = cardAt(cards, project, hourMs);
  if (known !== null) return known;
  return freeOfCharge(cards.find((card) => card.project === project || card.project === null)?.currency);
}

function usedOf(hour: HourUsage, meter: Meter): bigint {
  switch (meter) {
    case 'compute':
      return BigInt(hour.quarterCuMs);
    case 'frozen':
      return BigInt(hour.frozenMs);
    case 'hibernated':
      return BigInt(hour.hibernatedMs);
    case 'storage':
      return BigInt(hour.storageByteSeconds);
    case 'egress':
      return BigInt(hour.bytesOut);
  }
}
