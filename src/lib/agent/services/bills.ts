import { billView, type AgentServices } from '../../api/index.ts';
import type { Month, RateCard } from '../../domain/index.ts';
import { alwaysOn, createBill, livesOf, type Bill, type HourUsage } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';
import { usageHours } from './usage-hours.ts';

const HOUR_MS = 3_600_000;

export function createBillService(core: AgentCore): AgentServices['usage']['bill'] {
  const { store, clock } = core;
  return async ({ project, month, isAlwaysOn }) => {
    const untilMs = Math.max(month.startMs, Math.min(month.endMs, clock.wallMs()));
    const cards = store.listRateCards();
    const maker = createBill(cards, { project, month, untilMs });
    const other = isAlwaysOn ? createOther(core, cards, { project, month, untilMs }) : null;
    for await (const hours of usageHours(core, { sinceMs: month.startMs, untilMs, project })) {
      for (const hour of hours) maker.add(hour);
      other?.add(hours);
    }
    return billView(maker.finish(), other?.finish() ?? null);
  };
}

interface Other {
  add(hours: readonly HourUsage[]): void;
  finish(): Bill;
}

/** The bill of the same month had nobody slept. */
function createOther(
  { store }: AgentCore,
  cards: readonly RateCard[],
  query: { readonly project: string; readonly month: Month; readonly untilMs: number },
): Other {
  const { project, month, untilMs } = query;
  const types = ['createRequested', 'settingsChanged', 'destroyed', 'restored'] as const;
  const lives = livesOf(store.listEvents({ project, types }), untilMs);
  const awake = alwaysOn(lives, { startMs: month.startMs, untilMs });
  const maker = createBill(cards, query);
  let nextMs = month.startMs;

  /** Also the hours in which everybody slept. */
  function pass(endMs: number, byHour: ReadonlyMap<number, readonly HourUsage[]>): void {
    for (; nextMs < endMs; nextMs += HOUR_MS) {
      for (const hour of awake.next(byHour.get(nextMs) ?? [], nextMs)) maker.add(hour);
    }
  }

  return {
    add(hours) {
      const last = hours.at(-1);
      if (last === undefined) return;
      pass(
        last.hourMs + HOUR_MS,
        Map.groupBy(hours, ({ hourMs }) => hourMs),
      );
    },
    finish() {
      pass(untilMs, new Map());
      return maker.finish();
    },
  };
}
