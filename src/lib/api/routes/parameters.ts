import { z } from 'zod';

import { formatMonth, MAX_NAME_LENGTH, NAME_PATTERN, parseMonth, parseName } from '../../domain/index.ts';

/** Paths and queries are texts on the wire; these read them. The last step of each is what the document says. */

export const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .pipe(z.boolean());

export const instant = z.iso.datetime({ offset: true });

export function wholeNumber(bounds: { readonly min?: number; readonly max?: number } = {}) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'has to be a whole number')
    .transform(Number)
    .pipe(
      z
        .number()
        .int()
        .min(bounds.min ?? 0)
        .max(bounds.max ?? Number.MAX_SAFE_INTEGER),
    );
}

/** `2026-11` @throws TIME_INVALID from within the schema */
export const month = z
  .string()
  .transform((text) => formatMonth(parseMonth(text)))
  .pipe(z.string().regex(/^\d{4}-\d{2}$/));

/** @throws NAME_INVALID from within the schema, with what such a name may be */
function name(what: Parameters<typeof parseName>[1]) {
  return z
    .string()
    .transform((text) => parseName(text, what))
    .pipe(z.string().regex(NAME_PATTERN).max(MAX_NAME_LENGTH));
}

export const computePath = z.object({ project: name('project'), name: name('compute') });
export const snapshotPath = computePath.extend({ snapshot: name('snapshot') });
export const storagePath = z.object({ name: name('storage service') });
export const storageSnapshotPath = storagePath.extend({ id: z.string() });
export const ratePath = z.object({ name: name('rate card') });
export const projectPath = z.object({ name: name('project') });
/** Of who may have that project only. */
export const ownProjectPath = z.object({ project: name('project') });
export const sessionPath = z.object({ id: wholeNumber() });

/** What lists of computes' things are narrowed by. */
export const ofCompute = { project: z.string().optional(), compute: z.string().optional() };

const MAX_PAGE = 1000;

/** Of a list that may be had a page at a time: without a limit it is given whole. */
export const pageFields = {
  limit: wholeNumber({ min: 1, max: MAX_PAGE }).optional(),
  /** From the Link header of the page before. */
  cursor: z.string().max(500).optional(),
};

const MAX_LOG_LINES = 100_000;

/** Of whoever writes a log. */
export const logsQuery = z
  .object({ tail: wholeNumber({ max: MAX_LOG_LINES }).default(100), follow: flag.default(false) })
  .strict();
