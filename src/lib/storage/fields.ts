/*
 * Tolerant readers of answers: what is missing or of another type is null, what is unknown is passed over. Versions of
 * the tier leave fields out and spell them differently, and an answer is no reason to fail.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** Null unless it is an object. */
export function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

export function fieldsAt(fields: Fields | null, name: string): Fields | null {
  return asFields(fields?.[name]);
}

export function textAt(fields: Fields | null, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields?.[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return null;
}

/** A whole number from 0 up, as a number or as digits. */
export function countAt(fields: Fields | null, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = fields?.[name];
    const count = typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(value) : value;
    if (typeof count === 'number' && Number.isFinite(count) && count >= 0) return Math.floor(count);
  }
  return null;
}
