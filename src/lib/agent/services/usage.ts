import { usageView, type AgentServices } from '../../api/index.ts';
import { usageReport } from '../../metering/index.ts';
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
    async report({ project, compute, sinceMs, untilMs }) {
      const { control } = await core.running;
      const endMs = untilMs ?? clock.wallMs();
      const query = {
        sinceMs: sinceMs ?? beginningMs(store, endMs),
        untilMs: endMs,
        ...(project === null ? {} : { project }),
        ...(compute === null ? {} : { compute }),
      };
      return usageView(usageReport(store, query, (segment) => control.openLengthMs(segment)));
    },
  };
}

/** Of the records: when the first compute was made. */
function beginningMs(store: Store, endMs: number): number {
  return store
    .listComputes({ includeDestroyed: true })
    .reduce((firstMs, { createdAtMs }) => Math.min(firstMs, createdAtMs), endMs);
}
