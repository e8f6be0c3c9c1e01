import { billView, type AgentServices } from '../../api/index.ts';
import { createAlwaysOnBill, createBill } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';
import { usageHours } from './usage-hours.ts';

export function createBillService(core: AgentCore): AgentServices['usage']['bill'] {
  const { store, clock } = core;
  return async ({ project, month, isAlwaysOn }) => {
    const query = { project, month, untilMs: Math.max(month.beginMs, Math.min(month.endMs, clock.wallMs())) };
    const cards = store.listRateCards();
    const bill = createBill(cards, query);
    const alwaysOn = isAlwaysOn ? createAlwaysOnBill(store, cards, query) : null;
    for await (const hours of usageHours(core, { sinceMs: month.beginMs, untilMs: query.untilMs, project })) {
      for (const hour of hours) bill.add(hour);
      alwaysOn?.add(hours);
    }
    return billView(bill.finish(), alwaysOn?.finish() ?? null);
  };
}
