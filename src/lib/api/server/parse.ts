import type { z } from 'zod';

import { DozeError } from '../../errors/index.ts';

/** @throws REQUEST_INVALID naming the first wrong field; NAME_INVALID */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query' | 'path' | 'header',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = [where, ...(issue?.path ?? [])].map(String).join('.');
  throw new DozeError('REQUEST_INVALID', `${field}: ${issue?.message ?? 'not valid'}`, { details: { field } });
}
