import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';

/** Of the warm pool: how many instances wait for new computes of one image. */
export const poolViewSchema = z.object({
  /** As it was asked for; null for whatever a new compute gets. */
  image: z.string().nullable(),
  size: z.number(),
  ready: z.number(),
  making: z.number(),
  discarding: z.number(),
  /** What its spares run; null until that is known. */
  runs: z.object({ driver: z.string(), image: z.string().nullable(), version: z.string() }).nullable(),
  /** Why it is not full; null while nothing is wrong. */
  problem: z
    .object({ code: z.string(), message: z.string(), hint: z.string().nullable(), retryAt: isoTimeSchema })
    .nullable(),
});
export type PoolView = z.infer<typeof poolViewSchema>;

export const poolRequestSchema = z
  .object({
    size: z.number(),
    /** Left out for whatever a new compute gets. */
    image: z.string().optional(),
  })
  .strict();
export type PoolRequest = z.infer<typeof poolRequestSchema>;
