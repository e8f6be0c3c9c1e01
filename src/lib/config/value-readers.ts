import { isAbsolute } from 'node:path';

import {
  DEPTHS,
  parseDuration,
  parseLadder,
  parseName,
  parseSizeRange,
  roundDownSize,
  type Depth,
  type Ladder,
  type SizeRange,
} from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

/** An inclusive range of ports. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Each reads one kind of value; undefined when the text is none. */

export function readDurationMs(text: string): number | undefined {
  return orUndefined(() => parseDuration(text));
}

/** Null is never. */
export function readDurationMsOrNever(text: string): number | null | undefined {
  return text === 'never' ? null : readDurationMs(text);
}

export function readSizeRange(text: string): SizeRange | undefined {
  return orUndefined(() => parseSizeRange(text));
}

export function readProjectName(text: string): string | undefined {
  return orUndefined(() => parseName(text, 'project'));
}

export function readDepth(text: string): Depth | undefined {
  return DEPTHS.find((depth) => depth === text);
}

/** A percentage as a part of 1. */
export function readPart(text: string): number | undefined {
  const percent = /^\d{1,2}%$/.test(text) ? Number(text.slice(0, -1)) : NaN;
  return percent <= 90 ? percent / 100 : undefined;
}

/** Null is none. No upper bound: a host may be larger than the largest compute. */
export function readHostCu(text: string): number | 'auto' | null | undefined {
  if (text === 'auto') return text;
  if (text === 'none') return null;
  const cu = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : 0;
  return cu > 0 && roundDownSize(cu) === cu ? cu : undefined;
}

/** Null is none. */
export function readCountOrNone(text: string): number | null | undefined {
  if (text === 'none') return null;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

export function readCount(text: string): number | undefined {
  return readCountOrNone(text === 'none' ? '' : text) ?? undefined;
}

export function readLadder(text: string): Ladder | 'auto' | undefined {
  return text === 'auto' ? text : orUndefined(() => parseLadder(text));
}

export function readPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

export function readPortRange(text: string): PortRange | undefined {
  const [first, last, ...more] = text.split('-');
  const from = readPort(first ?? '');
  const to = readPort(last ?? '');
  return from === undefined || to === undefined || from > to || more.length > 0 ? undefined : { from, to };
}

/** No more than the gateway has ids for, `MAX_THREADS`. */
export function readThreads(text: string): number | 'auto' | undefined {
  if (text === 'auto') return text;
  const threads = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  return threads >= 1 && threads <= 16 ? threads : undefined;
}

export function readFlag(text: string): boolean | undefined {
  if (['true', 'yes', 'on', '1'].includes(text)) return true;
  return ['false', 'no', 'off', '0'].includes(text) ? false : undefined;
}

/** An IP address or a host name; what it resolves to is found out when it is used. */
export function readHost(text: string): string | undefined {
  return /^[A-Za-z0-9.:_-]{1,253}$/.test(text) ? text : undefined;
}

/** Empty is null: not set. */
export function readHostOrNone(text: string): string | null | undefined {
  return text === '' ? null : readHost(text);
}

/** Where something listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT`, an address of IPv6 in brackets. Empty is null: not set. */
export function readAddressOrNone(text: string): ListenAddress | null | undefined {
  if (text === '') return null;
  const [, bracketed, plain, digits = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d+)$/.exec(text) ?? [];
  const host = readHost(bracketed ?? plain ?? '');
  const port = readPort(digits);
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** Of the agent that commands talk to: `local`, or one that was added. */
export function readContextName(text: string): string | undefined {
  return orUndefined(() => parseName(text, 'context'));
}

/** Empty is null: not set. */
export function readTextOrNone(text: string): string | null {
  return text === '' ? null : text;
}

/** Absolute, as it is read by another process than the one it is typed to. Empty is null: not set. */
export function readPathOrNone(text: string): string | null | undefined {
  if (text === '') return null;
  return isAbsolute(text) ? text : undefined;
}

/** Empty is null: the driver's choice. */
export function readVersionOrNone(text: string): string | null | undefined {
  if (text === '') return null;
  return /^\d{1,3}(\.\d{1,3}){0,2}$/.test(text) ? text : undefined;
}

export function readOneOf<Choice extends string>(choices: readonly Choice[]): (text: string) => Choice | undefined {
  return (text) => choices.find((choice) => choice === text);
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DozeError && error.entry.kind === 'user') return undefined;
    throw error;
  }
}
