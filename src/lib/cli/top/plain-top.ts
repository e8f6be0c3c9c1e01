import type { TopView } from '../../api/client/index.ts';
import type { Clock } from '../../clock.ts';
import type { Output } from '../output.ts';
import { renderTable } from '../views/table.ts';
import { topColumns, whyColumn } from './columns.ts';
import { topTable } from './lines.ts';
import { compareLooks, type TopLook } from './look.ts';
import { inOrder, type TopOrder } from './order.ts';
import { newTopState } from './state.ts';

export interface PlainTopOptions {
  ask(): Promise<TopView>;
  readonly clock: Clock;
  readonly order: TopOrder;
  readonly isReversed: boolean;
  /** Between two looks, which it takes to tell how much is asked in a second. */
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/** Looks at the end of each interval, for ever. */
export async function* looks({
  ask,
  clock,
  order,
  isReversed,
  intervalMs,
  signal,
}: PlainTopOptions): AsyncGenerator<TopLook> {
  let before = await ask();
  let beforeMs = clock.monotonicMs();
  for (;;) {
    await clock.sleep(intervalMs, signal);
    const now = await ask();
    const nowMs = clock.monotonicMs();
    const look = compareLooks(before, now, nowMs - beforeMs);
    yield { ...look, computes: inOrder(look.computes, order, isReversed) };
    [before, beforeMs] = [now, nowMs];
  }
}

/** For scripts all columns, always the same ones; on a terminal those that there is room for. */
export function plainTop(look: TopLook, order: TopOrder, { width, paint }: Pick<Output, 'width' | 'paint'>): string {
  const nowMs = Date.parse(look.at);
  if (width === null) return renderTable([...topColumns(), whyColumn(nowMs)], look.computes, { width });
  return topTable({ ...newTopState({ order, columns: width, rows: 0 }), look }, nowMs, paint);
}
