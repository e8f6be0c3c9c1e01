import { z } from 'zod';

import { QUOTAS, type QuotaName } from '../../domain/index.ts';
import { isoTimeSchema } from './iso-time.ts';

/** A value for each quota: spans in seconds, sizes in bytes, CU in steps of 0.25. */
function eachQuota<Value extends z.ZodType>(value: Value): z.ZodObject<Record<QuotaName, Value>> {
  return z.object(Object.fromEntries(QUOTAS.map((quota) => [quota, value])) as Record<QuotaName, Value>).strict();
}

const quotaUseSchema = z.object({
  quota: z.enum(QUOTAS),
  limit: z.number(),
  used: z.number(),
  /** Of the limit, rounded down. */
  percent: z.number(),
  /** `warned` from 80 % on; at `reached` nothing more of it is given. */
  level: z.enum(['fine', 'warned', 'reached']),
  /** When it comes down by itself; null where it does not, or does so all the time. */
  resetsAt: isoTimeSchema.nullable(),
  /** When what runs is suspended for it, unless there is some of it again by then; null if it is not. */
  suspendsAt: isoTimeSchema.nullable(),
});
export type QuotaUseView = z.infer<typeof quotaUseSchema>;

export const projectViewSchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  /** For bills and exports. */
  tags: z.record(z.string(), z.string()),
  /** Null is none. */
  limits: eachQuota(z.number().nullable()),
  /** What is used of each limit. */
  quotas: z.array(quotaUseSchema),
  /** Those that are not destroyed. */
  computes: z.number(),
  activeComputes: z.number(),
  createdAt: isoTimeSchema,
});
export type ProjectView = z.infer<typeof projectViewSchema>;

/** What is left out stays; null takes away. */
export const projectRequestSchema = z
  .object({
    description: z.string().nullable().optional(),
    tags: z.record(z.string(), z.string().nullable()).optional(),
    limits: eachQuota(z.number().nullable().optional()).optional(),
  })
  .strict();
export type ProjectRequest = z.infer<typeof projectRequestSchema>;

export const projectDeleteRequestSchema = z
  .object({
    /** Destroys its computes first, instead of refusing while it has any. */
    computes: z.boolean().optional(),
    /** Deletes their data at once. */
    purge: z.boolean().optional(),
  })
  .strict();
export type ProjectDeleteRequest = z.infer<typeof projectDeleteRequestSchema>;

export const projectResultSchema = z.object({
  project: projectViewSchema,
  changed: z.boolean(),
  action: z.enum(['created', 'changed', 'deleted', 'unchanged']),
  /** Names of computes that were destroyed with it. */
  destroyed: z.array(z.string()),
});
export type ProjectResult = z.infer<typeof projectResultSchema>;
