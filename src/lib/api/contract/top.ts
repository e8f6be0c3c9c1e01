import { z } from 'zod';

import { DEPTHS, STATES } from '../../domain/index.ts';
import { isoTimeSchema } from './iso-time.ts';

const topRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  driver: z.string(),
  state: z.enum(STATES),
  depth: z.enum(DEPTHS).nullable(),
  stateSince: isoTimeSchema,
  size: z.object({ min: z.number(), max: z.number(), now: z.number() }),
  sessions: z.number(),
  /** Commands of its clients since the agent was started: what came in between two looks is their difference. */
  queries: z.number(),
  /** What its server holds, as seen in the last seconds; null where it does not run or the driver cannot tell. */
  memoryBytes: z.number().nullable(),
  /** Since midnight, UTC. */
  awakeTodaySeconds: z.number(),
  /** As in `ComputeDetail`, these. */
  awakeBecause: z.array(z.string()),
  waitingBecause: z.string().nullable(),
  heldBecause: z.array(z.string()),
  suspendsAt: isoTimeSchema.nullable(),
  nextStep: z.object({ depth: z.enum(DEPTHS), at: isoTimeSchema }).nullable(),
  failure: z.string().nullable(),
  leaseExpiresAt: isoTimeSchema.nullable(),
});
export type TopRow = z.infer<typeof topRowSchema>;

/** All computes at one look, by project and name. */
export const topViewSchema = z.object({
  at: isoTimeSchema,
  hosts: z.array(
    z.object({ host: z.string(), limitCu: z.number().nullable(), awakeCu: z.number(), waiting: z.number() }),
  ),
  computes: z.array(topRowSchema),
});
export type TopView = z.infer<typeof topViewSchema>;
