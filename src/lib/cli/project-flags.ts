import { string } from '@oclif/core/flags';

import type { ProjectRequest } from '../api/client/index.ts';
import { parseBytes, parseDuration, type QuotaName } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/** What can be said of a project, when it is made and later. */
export const projectFlags = {
  description: string({ description: 'what it is, in a line; empty for none', helpValue: 'TEXT' }),
  tag: string({ description: 'a tag for bills and exports; may be repeated', helpValue: 'KEY=VALUE', multiple: true }),
  'max-computes': limit('computes, asleep or awake', 'NUMBER'),
  'max-active': limit('computes awake at once', 'NUMBER'),
  'max-cu': limit('compute units of each compute', 'CU'),
  'max-total-cu': limit('compute units awake in sum', 'CU'),
  'max-active-time': limit('time awake in a calendar month (UTC), all computes added up', 'SECONDS|DURATION'),
  'max-cu-seconds': limit('CU-seconds in a calendar month (UTC)', 'NUMBER'),
  'max-storage': limit('data, snapshots and what is kept of destroyed computes included', 'SIZE'),
  'max-sessions': limit('sessions of all computes, instead of the setting maxProjectSessions', 'NUMBER'),
  'max-wakes-per-minute': limit('wakes by clients in a minute', 'NUMBER'),
};

function limit(what: string, helpValue: string) {
  return string({ description: `limit for ${what}; none to lift it`, helpValue, helpGroup: 'LIMITS' });
}

type Values = { readonly [Flag in keyof typeof projectFlags]?: string | string[] | undefined };

type Reader = (text: string, flag: string) => number;

const LIMITS: readonly (readonly [keyof typeof projectFlags, QuotaName, Reader])[] = [
  ['max-computes', 'computes', readCount],
  ['max-active', 'activeComputes', readCount],
  ['max-cu', 'cuPerCompute', readCu],
  ['max-total-cu', 'activeCu', readCu],
  ['max-active-time', 'activeSecondsPerMonth', (text) => Math.round(parseDuration(text) / 1000)],
  ['max-cu-seconds', 'cuSecondsPerMonth', readCount],
  ['max-storage', 'storageBytes', parseBytes],
  ['max-sessions', 'sessions', readCount],
  ['max-wakes-per-minute', 'wakesPerMinute', readCount],
];

/** The request that the flags stand for. @throws VALUE_INVALID, DURATION_INVALID */
export function projectRequest(flags: Values, untag: readonly string[] = []): ProjectRequest {
  const { description, tag } = flags;
  const limits = LIMITS.flatMap(([flag, quota, read]) => {
    const text = flags[flag];
    return typeof text === 'string' ? [[quota, text === 'none' ? null : read(text, flag)] as const] : [];
  });
  const tags = [
    ...untag.map((key) => [key, null] as const),
    ...(Array.isArray(tag) ? tag : []).map((text) => readTag(text)),
  ];
  return {
    ...(typeof description === 'string' && { description: description === '' ? null : description }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
    ...(limits.length > 0 && { limits: Object.fromEntries(limits) }),
  };
}

function readTag(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --tag`, {
    hint: 'write it as key=value, such as --tag team=shop',
  });
}

function readCount(text: string, flag: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: 'use a whole number, or none',
  });
}

function readCu(text: string, flag: string): number {
  const cu = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(cu * 4)) return cu;
  throw new DozeError('VALUE_INVALID', `"${text}" cannot be the value of --${flag}`, {
    hint: 'use compute units such as 4 in steps of 0.25, or none',
  });
}
