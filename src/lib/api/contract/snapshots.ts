import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';
import { leaseRequestFields } from './lease.ts';

/** How a copy of a compute's data went. */
export const copyViewSchema = z.object({
  bytes: z.number(),
  /** Whether blocks are shared with the original: then it takes room only for what changes. */
  isCopyOnWrite: z.boolean(),
  /**
   * `clean`: of a server that was shut down. `consistent`: of one that ran, with its writes held: all that was committed, and
   * whole tables where there are no transactions. `crash-consistent`: of one that was frozen as it slept, as after a power cut.
   */
  consistency: z.enum(['clean', 'consistent', 'crash-consistent']),
  /** How long the original stood still for it; null where it was asleep. */
  frozenMs: z.number().nullable(),
  tookMs: z.number(),
});
export type CopyView = z.infer<typeof copyViewSchema>;

export const computeSnapshotSchema = copyViewSchema.extend({
  id: z.string(),
  name: z.string(),
  compute: z.string(),
  project: z.string(),
  createdAt: isoTimeSchema,
});
/** What is kept of a compute on a volume. */
export type ComputeSnapshotView = z.infer<typeof computeSnapshotSchema>;

export const snapshotResultSchema = computeSnapshotSchema.extend({
  action: z.enum(['created', 'deleted']),
  notes: z.array(z.string()),
});
/** Result of creating or deleting a snapshot. */
export type SnapshotResult = z.infer<typeof snapshotResultSchema>;

export const cloneRequestSchema = z
  .object({
    /** Of the new compute. */
    name: z.string(),
    /** Name of a snapshot; left out, the source as it is now. */
    at: z.string().optional(),
    ...leaseRequestFields,
  })
  .strict();
export type CloneRequest = z.infer<typeof cloneRequestSchema>;

/** Left out, the name is made from the time. */
export const snapshotRequestSchema = z.object({ name: z.string().optional() }).strict();
export type SnapshotRequest = z.infer<typeof snapshotRequestSchema>;
