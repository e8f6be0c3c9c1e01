export type { OpenLengthMs, UsageQuery, UsageReader } from './collect.ts';
export { hourlyUsage, type HourQuery, type HourReader, type HourUsage } from './hourly.ts';
export { usageInAll } from './usage-in-all.ts';
export { usageReport } from './usage-report.ts';
export { createBill, type Bill, type BillLine, type BillMaker, type BillQuery } from './money/bill.ts';
export { createAlwaysOnBill } from './money/always-on.ts';
export {
  EVENT_METERS,
  totalOf,
  usageEvent,
  type EventMeter,
  type HourOwner,
  type UsageEvent,
} from './exports/cloud-events.ts';
export { completeUntil, exportUsage, type ExportSources } from './exports/export-usage.ts';
export { activityOf, usageByPeriod } from './usage-by-period.ts';
export type { Activity, ComputeUsage, PeriodUsage, ProjectUsage, Usage, UsageByPeriod, UsageTotals } from './usage.ts';
