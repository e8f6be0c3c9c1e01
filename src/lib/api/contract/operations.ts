import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';
import { problemSchema } from './problem.ts';

/** A request that takes a while, as a resource of its own. */
export const operationViewSchema = z.object({
  id: z.string(),
  /** Of the request: `startCompute`. */
  operation: z.string(),
  /** Null where it is about the host. */
  project: z.string().nullable(),
  /** The parameters of its path. */
  target: z.record(z.string(), z.union([z.string(), z.number()])),
  state: z.enum(['running', 'succeeded', 'failed']),
  startedAt: isoTimeSchema,
  endedAt: isoTimeSchema.nullable(),
  /** What it said on its way, the last hundred lines. */
  progress: z.array(z.object({ message: z.string(), elapsedMs: z.number() })),
  /** What the request answers; null until it has succeeded. */
  result: z.unknown(),
  /** Null unless it has failed. */
  problem: problemSchema.nullable(),
});
export type OperationView = z.infer<typeof operationViewSchema>;
