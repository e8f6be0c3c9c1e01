import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';

/** The part of the contract that is about usage. */

export const usageLineSchema = z.object({
  project: z.string(),
  /** Null in the line that sums up a project. */
  compute: z.string().nullable(),
  computeId: z.string().nullable(),
  activeSeconds: z.number(),
  /** Asleep with the process kept: in memory, or in swap. */
  frozenSeconds: z.number(),
  hibernatedSeconds: z.number(),
  cuSeconds: z.number(),
  wakes: z.number(),
  /** First and last instant of activity inside the window; null if there was none. */
  first: isoTimeSchema.nullable(),
  last: isoTimeSchema.nullable(),
});
export const usageReportSchema = z.object({
  since: isoTimeSchema,
  until: isoTimeSchema,
  computes: z.array(usageLineSchema),
  projects: z.array(usageLineSchema),
  total: z.object({
    activeSeconds: z.number(),
    frozenSeconds: z.number(),
    hibernatedSeconds: z.number(),
    cuSeconds: z.number(),
    wakes: z.number(),
  }),
});
export type UsageLine = z.infer<typeof usageLineSchema>;
export type UsageReport = z.infer<typeof usageReportSchema>;
