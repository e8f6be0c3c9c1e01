import { z } from 'zod';

import { isoTimeSchema } from './iso-time.ts';

/** What a compute says of its lease. */
export const leaseViewFields = {
  /** Whether it is destroyed with its data at the end of its lease, or at `destroy` if that comes first. */
  ephemeral: z.boolean(),
  /** What each start gives it anew; null of one that lasts, as the next. */
  leaseSeconds: z.number().nullable(),
  leaseExpiresAt: isoTimeSchema.nullable(),
};

/** What makes a new compute ephemeral. */
export const leaseRequestFields = {
  ephemeral: z.boolean().optional(),
  /** From 1 second to 30 days; only with `ephemeral`. An hour if left out. */
  leaseSeconds: z.number().optional(),
};
