import type { UsagePeriod } from '../store/index.ts';
import { HOUR_MS, hourOf, type Window } from './window.ts';

const DAY_MS = 86_400_000;

/** Begin of the hour, day or month (UTC) that an instant is in. A day of UTC, as POSIX counts, has 86,400 s always. */
export function periodOf(per: UsagePeriod, atMs: number): number {
  if (per === 'hour') return hourOf(atMs);
  if (per === 'day') return Math.floor(atMs / DAY_MS) * DAY_MS;
  const date = new Date(atMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

export function nextPeriod(per: UsagePeriod, beginMs: number): number {
  if (per !== 'month') return beginMs + (per === 'hour' ? HOUR_MS : DAY_MS);
  const date = new Date(beginMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** Begins of all periods that a window touches, in order. */
export function periodsIn(per: UsagePeriod, { sinceMs, untilMs }: Window): number[] {
  const begins: number[] = [];
  for (let beginMs = periodOf(per, sinceMs); beginMs < untilMs; beginMs = nextPeriod(per, beginMs))
    begins.push(beginMs);
  return begins;
}
