import { DozeError } from '../errors/index.ts';

/** In characters. */
export const MAX_NAME_LENGTH = 40;
/** A name but for its length. */
export const NAME_PATTERN = /^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/;

/**
 * Names of computes and projects: lower-case letters, digits and single dashes, starting with a letter,
 * 40 characters at most, so that they fit into host names, container names and user names.
 * @throws NAME_INVALID
 */
export function parseName(
  text: string,
  what: 'compute' | 'project' | 'rate card' | 'snapshot' | 'storage service' | 'token' | 'context' = 'compute',
): string {
  if (NAME_PATTERN.test(text) && text.length <= MAX_NAME_LENGTH) return text;
  const suggestion = suggestName(text);
  throw new DozeError('NAME_INVALID', `"${text}" cannot be the name of a ${what}`, {
    hint:
      `use lower-case letters, digits and dashes, starting with a letter, ${MAX_NAME_LENGTH} characters at most` +
      (suggestion === '' ? '' : `, for example "${suggestion}"`),
  });
}

function suggestName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-+$/, '');
}

/** The default database of a compute: its name as an SQL identifier that needs no quoting. */
export function databaseName(computeName: string): string {
  return computeName.replaceAll('-', '_');
}
