export type { OpenLengthMs, UsageQuery, UsageReader } from './collect.ts';
export { hourlyUsage, type HourQuery, type HourReader, type HourUsage } from './hourly.ts';
export { usageReport } from './usage-report.ts';
export type { ComputeUsage, ProjectUsage, Usage, UsageTotals } from './usage.ts';
