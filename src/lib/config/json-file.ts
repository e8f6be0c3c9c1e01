import { readFileSync } from 'node:fs';

import { DozeError, systemCode } from '../errors/index.ts';
import { findJsonFault } from './json-fault.ts';

/** One level of names and plain values, the values as they would be typed. */
export type Texts = Readonly<Record<string, string>>;

/**
 * Reads a flat JSON file; null when there is none.
 * @throws CONFIG_INVALID naming file, line and column
 */
export function readTexts(file: string): Texts | null {
  const content = readIfThere(file);
  return content === null ? null : parseTexts(file, content);
}

function parseTexts(file: string, content: string): Texts {
  const value = parse(file, content);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(file, 'it has to hold one JSON object, such as {"project": "shop"}');
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, textOf(file, name, entry)]));
}

/** @throws CONFIG_INVALID for one that is there and cannot be read */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = systemCode(cause) ?? 'unknown reason';
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return null;
    throw new DozeError('CONFIG_INVALID', `${file} cannot be read (${reason})`, { cause, hint: `ls -ld ${file}` });
  }
}

function parse(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    const fault = findJsonFault(content);
    const where = fault === null ? file : `${file}, line ${fault.line}, column ${fault.column}`;
    throw new DozeError('CONFIG_INVALID', `${where}: this is not JSON`, {
      cause,
      hint: `correct ${file}, or remove it`,
      details: { file, ...fault },
    });
  }
}

function textOf(file: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(file, `"${name}" has to be a text, a number, true or false`);
}

function invalid(file: string, what: string): DozeError {
  return new DozeError('CONFIG_INVALID', `${file}: ${what}`, {
    hint: `correct ${file}, or remove it`,
    details: { file },
  });
}
