import { usageView, type AgentServices } from '../../api/index.ts';
import { activityOf, usageByPeriod, usageReport, type OpenLengthMs, type Usage } from '../../metering/index.ts';
import type { Store } from '../../store/index.ts';
import type { AgentCore } from '../running.ts';
import { createBillService } from './bills.ts';
import { createExportService } from './exports.ts';
import { createPushService } from './pushes.ts';

export function createUsageServices(core: AgentCore): AgentServices['usage'] {
  const { store, clock } = core;
  return {
    bill: createBillService(core),
    export: createExportService(core),
    push: createPushService(core),
    async report({ project, compute, sinceMs, untilMs, by, activity }) {
      const { control } = await core.running;
      const endMs = untilMs ?? clock.wallMs();
      const query = {
        sinceMs: sinceMs ?? beginningMs(store, endMs),
        untilMs: endMs,
        ...(project === null ? {} : { project }),
        ...(compute === null ? {} : { compute }),
      };
      const openLengthMs: OpenLengthMs = (segment) => control.openLengthMs(segment);
      return usageView(
        by === 'compute' || by === 'project'
          ? onlyOf(by, usageReport(store, query, openLengthMs))
          : usageByPeriod(store, query, openLengthMs, by),
        activity === null ? null : activityOf(store, query, openLengthMs, activity),
      );
    },
  };
}

function onlyOf(by: 'compute' | 'project', usage: Usage): Usage {
  return by === 'compute' ? usage : { ...usage, computes: [] };
}

/** Of the records: when the first compute was made. */
function beginningMs(store: Store, endMs: number): number {
  return store
    .listComputes({ includeDestroyed: true })
    .reduce((firstMs, { createdAtMs }) => Math.min(firstMs, createdAtMs), endMs);
}
