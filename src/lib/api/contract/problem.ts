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

/** An error as the last line of a stream and as `--json` output; as an HTTP body it is a `Problem`. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    retryable: z.boolean(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export const progressLineSchema = z.object({
  type: z.literal('progress'),
  message: z.string(),
  elapsedMs: z.number(),
});
export const errorLineSchema = errorBodySchema.extend({ type: z.literal('error') });

/** Long operations answer with `application/x-ndjson`: any number of progress lines, then one result or error. */
export type StreamLine<Result> =
  | z.infer<typeof progressLineSchema>
  | { readonly type: 'result'; readonly result: Result }
  | z.infer<typeof errorLineSchema>;
