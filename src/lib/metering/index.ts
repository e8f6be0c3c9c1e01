export type { OpenLengthMs, UsageQuery, UsageReader } from './collect.ts';
export { hourlyUsage, type HourQuery, type HourReader, type HourUsage } from './hourly.ts';
export { usageReport } from './usage-report.ts';
export { activityOf, usageByPeriod } from './usage-by-period.ts';
export type { Activity, ComputeUsage, PeriodUsage, ProjectUsage, Usage, UsageByPeriod, UsageTotals } from './usage.ts';
