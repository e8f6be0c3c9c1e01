import { z } from 'zod';

/** An error as the body of an answer: problem details of RFC 9457, with members of our own. */
export const problemSchema = z.object({
  /** `urn:doze:error:` and the code. */
  type: z.string(),
  /** The code in words. */
  title: z.string(),
  status: z.number().int(),
  /** What happened to what. */
  detail: z.string(),
  /** What to match on: one of the catalogue's. */
  code: z.string(),
  /** What to type or to change next. */
  hint: z.string().nullable(),
  /** Whether the same request may succeed later with nothing changed by hand. */
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
