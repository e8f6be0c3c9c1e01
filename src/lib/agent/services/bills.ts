import { billView, type AgentServices } from '../../api/index.ts';
import { DozeError } from '../../errors/index.ts';
import { createAlwaysOnBill, createBill } from '../../metering/index.ts';
import type { Store } from '../../store/index.ts';
import type { AgentCore } from '../running.ts';
import { usageHours } from './usage-hours.ts';

export function createBillService(core: AgentCore): AgentServices['usage']['bill'] {
  const { store, clock } = core;
  return async ({ project, month, isAlwaysOn }) => {
    refuseUnknown(store, project);
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

/** A bill of nothing for a name that was mistyped would be believed. Where there are no projects yet, nothing is wrong with it. */
function refuseUnknown(store: Store, project: string): void {
  if (store.getProject(project) !== null) return;
  const [first, ...others] = store.listProjects();
  if (first === undefined) return;
  throw new DozeError('PROJECT_NOT_FOUND', `there is no project "${project}"`, {
    hint: others.length === 0 ? `doze usage bill --project ${first.name}` : 'doze project list',
  });
}
