import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';

/** The part of the contract that is about usage. */

/** What a line is of. */
export const usageGroupSchema = z.enum(['compute', 'project', 'hour', 'day', 'month']);
export const usagePeriodSchema = z.enum(['hour', 'day', 'month']);

const totals = {
  activeSeconds: z.number(),
  /** Asleep with the process kept: in memory, or in swap. */
  frozenSeconds: z.number(),
  hibernatedSeconds: z.number(),
  cuSeconds: z.number(),
  wakes: z.number(),
  /** Kept by the hour, as all that follows: an hour counts in the window in which it begins. */
  storageByteHours: z.number(),
  /** From clients and to them. */
  bytesIn: z.number(),
  bytesOut: z.number(),
  queries: z.number(),
  /** How long wakes took: those up to a bound and beyond the one before; null is beyond all. Those of none are left out. */
  wakeLatency: z.array(z.object({ upToMs: z.number().nullable(), wakes: z.number() })),
};

export const usageLineSchema = z.object({
  project: z.string(),
  /** Null in the line that sums up a project. */
  compute: z.string().nullable(),
  computeId: z.string().nullable(),
  ...totals,
  /** First and last instant of activity inside the window; null if there was none. */
  first: isoTimeSchema.nullable(),
  last: isoTimeSchema.nullable(),
});
/** All computes together, in one hour, day or month of UTC. */
export const usagePeriodLineSchema = z.object({ start: isoTimeSchema, ...totals });
/** When computes were awake. */
export const usageActivitySchema = z.object({
  per: usagePeriodSchema,
  /** Begins of all periods that the window touches. */
  starts: z.array(isoTimeSchema),
  /** Of those that were active at all, by project and name; seconds in each of the periods. */
  computes: z.array(
    z.object({ project: z.string(), compute: z.string(), computeId: z.string(), activeSeconds: z.array(z.number()) }),
  ),
});
export const usageReportSchema = z.object({
  since: isoTimeSchema,
  until: isoTimeSchema,
  /** Empty unless by compute. */
  computes: z.array(usageLineSchema),
  /** Empty by hour, day and month. */
  projects: z.array(usageLineSchema),
  /** In order; empty by compute and project. Periods without any usage are left out. */
  periods: z.array(usagePeriodLineSchema),
  total: z.object(totals),
  /** Null unless asked for. */
  activity: usageActivitySchema.nullable(),
});
export type UsageGroup = z.infer<typeof usageGroupSchema>;
export type UsagePeriod = z.infer<typeof usagePeriodSchema>;
export type UsagePeriodLine = z.infer<typeof usagePeriodLineSchema>;
export type UsageActivity = z.infer<typeof usageActivitySchema>;
export type UsageLine = z.infer<typeof usageLineSchema>;
export type UsageReport = z.infer<typeof usageReportSchema>;
