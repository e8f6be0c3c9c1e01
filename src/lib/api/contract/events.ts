import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';

export const eventViewSchema = z.object({
  seq: z.number(),
  at: isoTimeSchema,
  compute: z.string(),
  computeId: z.string(),
  project: z.string(),
  type: z.string(),
  /** The event's own facts, without secrets. */
  data: z.record(z.string(), z.unknown()),
});
export type EventView = z.infer<typeof eventViewSchema>;
