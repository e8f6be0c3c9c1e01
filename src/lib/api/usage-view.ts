import type { ComputeUsage, ProjectUsage, Usage } from '../metering/index.ts';
import type { UsageLine, UsageReport } from './contract.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

export function usageView(usage: Usage): UsageReport {
  return {
    since: isoTime(usage.sinceMs),
    until: isoTime(usage.untilMs),
    computes: usage.computes.map(lineView),
    projects: usage.projects.map(lineView),
    total: { ...usage.total },
  };
}

function lineView({ firstMs, lastMs, ...line }: ComputeUsage | ProjectUsage): UsageLine {
  return { ...line, first: isoTimeOrNull(firstMs), last: isoTimeOrNull(lastMs) };
}
