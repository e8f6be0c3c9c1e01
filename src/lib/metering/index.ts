export type { OpenLengthMs, UsageQuery, UsageReader } from './collect.ts';
export { hourlyUsage, type HourQuery, type HourReader, type HourUsage } from './hourly.ts';
export { usageReport } from './usage-report.ts';
export type { ComputeUsage, ProjectUsage, Usage, UsageTotals } from './usage.ts';
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
