import type { RateCard } from '../../src/lib/domain/index.ts';
import {
  createAlwaysOnBill,
  createBill,
  hourlyUsage,
  type Bill,
  type BillQuery,
} from '../../src/lib/metering/index.ts';
import type { MonthOfLife } from './month-of-life.ts';

/** Of what the ledger has, or had nobody slept. */
export function billOf(
  { store, harness }: Pick<MonthOfLife, 'store' | 'harness'>,
  query: BillQuery,
  cards: readonly RateCard[],
  { isAlwaysOn = false } = {},
): Bill {
  const window = { sinceMs: query.month.beginMs, untilMs: query.untilMs, project: query.project };
  const hours = [...hourlyUsage(store, window, (segment) => harness.control.openLengthMs(segment))];
  if (isAlwaysOn) {
    const bill = createAlwaysOnBill(store, cards, query);
    bill.add(hours);
    return bill.finish();
  }
  const bill = createBill(cards, query);
  for (const hour of hours) bill.add(hour);
  return bill.finish();
}
