import { z } from 'zod';

/** What the server of an active compute has cached, as last looked at. */
export const cacheViewSchema = z.object({
  bytes: z.number(),
  capacityBytes: z.number(),
  /** Whether what was cached before its sleep is still coming back. */
  isWarming: z.boolean(),
  /** How much that is; null once it is back, or where it is not known. */
  warmBytes: z.number().nullable(),
});
