import { z } from 'zod';

import { stateSchema } from '../contract.ts';

/** Queries are texts on the wire, and these read them. */
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const isoTime = z.iso.datetime({ offset: true });
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'has to be a whole number')
  .transform(Number);

const MAX_WAIT_SECONDS = 86_400;
const DEFAULT_WAIT_SECONDS = 60;
const MAX_EVENTS = 10_000;
const MAX_LOG_LINES = 100_000;

export const listQuery = z.object({ project: z.string().optional(), destroyed: flag.default(false) }).strict();

export const connectionQuery = z.object({ as: z.enum(['owner', 'root']).default('owner') }).strict();

export const waitQuery = z
  .object({
    state: stateSchema.optional(),
    timeoutSeconds: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS),
  })
  .strict();

export const logsQuery = z
  .object({ tail: wholeNumber.pipe(z.number().max(MAX_LOG_LINES)).default(100), follow: flag.default(false) })
  .strict();

export const eventsQuery = z
  .object({
    project: z.string().optional(),
    compute: z.string().optional(),
    after: wholeNumber.optional(),
    limit: wholeNumber.pipe(z.number().min(1).max(MAX_EVENTS)).default(100),
  })
  .strict();

export const sessionsQuery = z.object({ project: z.string().optional(), compute: z.string().optional() }).strict();

export const sessionPath = z.object({ id: wholeNumber });

export const usageQuery = z
  .object({
    project: z.string().optional(),
    compute: z.string().optional(),
    since: isoTime.optional(),
    until: isoTime.optional(),
  })
  .strict();
