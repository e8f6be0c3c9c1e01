import { DozeError } from '../errors/index.ts';
import { parseDuration } from './duration.ts';

const HINT = 'write it like 2026-11, 2026-11-05, 2026-11-05T14:30Z, or as a time ago like 24h';
const ISO = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})?)?)?$/i;
/** A duration with its units: a bare number would be mistaken for a year. */
const AGO = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/;
const MINUTE_MS = 60_000;
/** What a Date can hold. */
const MAX_DATE_MS = 8.64e15;

export interface TimeWindow {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * Reads an instant as milliseconds since the epoch: a month or a day (its first instant), a time, all UTC unless an
 * offset is given, `now`, or a duration, which is that long ago.
 * @throws TIME_INVALID
 */
export function parseInstant(text: string, nowMs: number): number {
  const instantMs = readInstant(text.trim(), nowMs);
  if (instantMs !== null && Math.abs(instantMs) <= MAX_DATE_MS) return instantMs;
  throw new DozeError('TIME_INVALID', `"${text}" is not a time`, { hint: HINT });
}

/**
 * The window of a report: from the start of the current month (UTC) until now, unless said otherwise.
 * @throws TIME_INVALID
 */
export function parseWindow(
  asked: { since?: string | undefined; until?: string | undefined },
  nowMs: number,
): TimeWindow {
  const untilMs = asked.until === undefined ? nowMs : parseInstant(asked.until, nowMs);
  const sinceMs = asked.since === undefined ? startOfMonth(nowMs) : parseInstant(asked.since, nowMs);
  if (sinceMs <= untilMs) return { sinceMs, untilMs };
  throw new DozeError(
    'TIME_INVALID',
    `a report from ${new Date(sinceMs).toISOString()} until ${new Date(untilMs).toISOString()} ends before it begins`,
    { hint: asked.since === undefined ? 'give --since too' : 'give a --since that is earlier than --until' },
  );
}

function readInstant(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs;
  return AGO.test(text) ? nowMs - parseDuration(text) : readIso(text);
}

/** Null when it is not a time, or one that no calendar has. */
function readIso(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '', offset = 'Z'] = match.slice(
    1,
  ) as (string | undefined)[];
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const localMs = Date.UTC(...parts, Number(fraction.padEnd(3, '0')));
  const offsetMs = readOffset(offset);
  return offsetMs === null || !isSame(new Date(localMs), parts) ? null : localMs - offsetMs;
}

/** 30 February becomes 2 March, which is how one tells. */
function isSame(date: Date, parts: readonly number[]): boolean {
  const [year, month, day, hour, minute, second] = parts;
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  );
}

function readOffset(text: string): number | null {
  if (text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

function startOfMonth(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
}
