export { hourlyUsage, type HourQuery, type HourReader, type HourUsage } from './hourly.ts';
export { usageReport, type UsageQuery, type UsageReader } from './usage-report.ts';
export type { ComputeUsage, ProjectUsage, Usage, UsageTotals } from './usage.ts';
export { createBill, type Bill, type BillLine, type BillMaker } from './money/bill.ts';
