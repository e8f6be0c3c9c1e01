import type {
  Activity,
  ComputeUsage,
  PeriodUsage,
  ProjectUsage,
  Usage,
  UsageByPeriod,
  UsageTotals,
} from '../metering/index.ts';
import type { UsageActivity, UsageLine, UsagePeriodLine, UsageReport } from './contract.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** @param activity null unless asked for */
export function usageView(usage: Usage | UsageByPeriod, activity: Activity | null = null): UsageReport {
  return {
    since: isoTime(usage.sinceMs),
    until: isoTime(usage.untilMs),
    computes: 'computes' in usage ? usage.computes.map(lineView) : [],
    projects: 'projects' in usage ? usage.projects.map(lineView) : [],
    periods: 'periods' in usage ? usage.periods.map(periodView) : [],
    total: totalsView(usage.total),
    activity: activity === null ? null : activityView(activity),
  };
}

function lineView({ firstMs, lastMs, ...line }: ComputeUsage | ProjectUsage): UsageLine {
  return { ...line, ...totalsView(line), first: isoTimeOrNull(firstMs), last: isoTimeOrNull(lastMs) };
}

function periodView({ startMs, ...totals }: PeriodUsage): UsagePeriodLine {
  return { start: isoTime(startMs), ...totalsView(totals) };
}

function totalsView<Totals extends UsageTotals>(totals: Totals): Totals & { wakeLatency: UsageLine['wakeLatency'] } {
  return { ...totals, wakeLatency: totals.wakeLatency.map((bucket) => ({ ...bucket })) };
}

function activityView({ per, startsMs, computes }: Activity): UsageActivity {
  return {
    per,
    starts: startsMs.map(isoTime),
    computes: computes.map((row) => ({ ...row, activeSeconds: [...row.activeSeconds] })),
  };
}
