import { string } from '@oclif/core/args';

import { parseDuration } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/** The compute's name, as most commands take it. Arguments never come from stdin: a script would hang there. */
export const computeArgument = string({ description: 'name of the compute', required: true, ignoreStdin: true });
export const optionalComputeArgument = string({ description: 'name of the compute', ignoreStdin: true });

export const settingArgument = string({ description: 'name of the setting', required: true, ignoreStdin: true });

/** A whole number from a flag. @throws VALUE_INVALID */
export function parseCount(text: string, flag: string, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= max) return value;
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: `use a whole number from 1 to ${max}`,
  });
}

/** One of several words from a flag. @throws VALUE_INVALID */
export function parseChoice<const Choice extends string>(
  text: string,
  flag: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: `use one of ${choices.join(', ')}`,
  });
}

/**
 * An instant from a flag: ISO 8601 (UTC unless it says otherwise), or how long ago, such as `24h`.
 * @returns ISO 8601 in UTC. @throws TIME_INVALID
 */
export function parseInstant(text: string, flag: string, nowMs: number): string {
  const iso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (iso === null && /^\d+(\.\d+)?(ms|s|m|h|d)/.test(text)) return new Date(nowMs - parseDuration(text)).toISOString();
  const withZone = iso === null ? '' : withUtc(text, iso[1], iso[4]);
  const atMs = Date.parse(withZone);
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString();
  throw new DozeError('TIME_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: 'write it like 2026-01-31, 2026-01-31T12:00:00Z, or how long ago, like 24h or 30d',
  });
}

function withUtc(text: string, time: string | undefined, zone: string | undefined): string {
  if (time === undefined) return `${text}T00:00:00Z`;
  return zone === undefined ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T');
}
