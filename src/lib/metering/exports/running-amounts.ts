import { amountOf, type Micros } from '../../domain/index.ts';
import type { Charge } from '../money/rater.ts';

export interface RunningAmounts {
  /** What this charge adds to its line on the bill; the same for its part that is free. */
  add(charge: Charge): { readonly usage: Micros; readonly free: Micros };
}

/**
 * The amounts of hours that add up to those of a bill, which rounds each line once: what an hour adds is the rounded line with
 * it less the rounded line without it. What an hour was given does not change with the hours that follow.
 */
export function createRunningAmounts(): RunningAmounts {
  let monthMs = 0;
  let lines = new Map<string, bigint>();

  function grow(charge: Charge, kind: string, quantity: bigint): Micros {
    const { hour, meter, card, perUnit } = charge;
    const key = [hour.computeId, meter, card.name, card.version, kind].join(' ');
    const before = lines.get(key) ?? 0n;
    lines.set(key, before + quantity);
    const amount = (of: bigint): Micros => amountOf(card.prices[meter], of, perUnit, card.rounding);
    return amount(before + quantity) - amount(before);
  }

  return {
    add(charge) {
      if (charge.month.beginMs !== monthMs) {
        monthMs = charge.month.beginMs;
        lines = new Map();
      }
      return { usage: grow(charge, 'usage', charge.quantity), free: grow(charge, 'free', charge.free) };
    },
  };
}
