import type { UsageActivity } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { displayWidth } from './table.ts';

export interface ChartOptions {
  readonly paint: Paint;
  /** Blocks; else characters that everything can show. */
  readonly isUnicode: boolean;
}

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII = [' ', '.', ':', '-', '=', '+', '*', '%', '#'];
const USUAL_WIDTH = 80;
const BESIDE = 30;
const MIN_COLUMNS = 31;
/** Of more than two days nobody wants to know each hour. */
const MAX_HOURS = 49;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The finest that has a column for each in this width, which the names and sums are beside of; null off a terminal. */
export function chartPeriod(sinceMs: number, untilMs: number, width: number | null): UsageActivity['per'] {
  const columns = Math.max(MIN_COLUMNS, (width ?? USUAL_WIDTH) - BESIDE);
  const hours = (untilMs - sinceMs) / 3_600_000;
  if (hours <= Math.min(columns, MAX_HOURS)) return 'hour';
  return hours / 24 <= columns ? 'day' : 'month';
}

/**
 * A row for each compute, a column for each hour, day or month, and in it how long it was awake: the full height is the longest
 * in the chart, which the legend tells, and the lowest bar any time at all.
 */
export function usageChart(activity: UsageActivity, { paint, isUnicode }: ChartOptions): string {
  const { per, computes } = activity;
  const levels = isUnicode ? BLOCKS : ASCII;
  const longest = Math.max(0, ...computes.flatMap(({ activeSeconds }) => activeSeconds));
  const legend = `awake by ${per} (UTC); ${levels.at(-1) ?? ''} is ${spanText(longest)}, ${levels[1] ?? ''} a moment`;
  if (longest === 0) return paint.faint(`awake by ${per} (UTC): nothing was`);
  const rows = computes.map(({ project, compute, activeSeconds }) => ({
    label: `${compute} (${project})`,
    bars: activeSeconds.map((seconds) => levels[levelOf(seconds, longest, levels)]).join(''),
    total: hoursText(activeSeconds),
  }));
  const labelWidth = Math.max(...rows.map(({ label }) => displayWidth(label)));
  const totalWidth = Math.max(...rows.map(({ total }) => total.length));
  const pad = (text: string): string => text + ' '.repeat(labelWidth - displayWidth(text));
  return [
    paint.faint(legend),
    ...axis(activity).map((line) => paint.faint(`${pad('')}  ${line}`)),
    ...rows.map(({ label, bars, total }) => `${pad(label)} |${paint.strong(bars)}| ${total.padStart(totalWidth)}`),
  ].join('\n');
}

/** Any time at all is seen, and only the longest is full. */
function levelOf(seconds: number, longest: number, levels: readonly string[]): number {
  if (seconds <= 0) return 0;
  const top = levels.length - 1;
  return Math.min(top, Math.max(1, Math.floor((seconds / longest) * top)));
}

/** What is above the columns: where a day, month or year begins, and below that every few of them their number. */
function axis({ per, starts }: UsageActivity): string[] {
  const dates = starts.map((start) => new Date(start));
  const isFirstOf = (at: number, read: (date: Date) => number): boolean =>
    at === 0 || read(dates[at] ?? new Date(0)) !== read(dates[at - 1] ?? new Date(0));
  const above = dates.map((date, at) => {
    if (per === 'hour') return isFirstOf(at, (each) => each.getUTCDate()) ? dayText(date) : '';
    if (per === 'day') return isFirstOf(at, (each) => each.getUTCMonth()) ? monthText(date) : '';
    return isFirstOf(at, (each) => each.getUTCFullYear()) ? String(date.getUTCFullYear()) : '';
  });
  const below = dates.map((date) => {
    if (per === 'hour') return date.getUTCHours() % 6 === 0 ? String(date.getUTCHours()).padStart(2, '0') : '';
    if (per === 'day') return date.getUTCDate() % 5 === 1 && date.getUTCDate() < 31 ? String(date.getUTCDate()) : '';
    return date.getUTCMonth() % 3 === 0 ? (MONTHS[date.getUTCMonth()]?.slice(0, 1) ?? '') : '';
  });
  return [marks(above), marks(below)];
}

/** Each text from its own column on, unless the one before reaches there. */
function marks(texts: readonly string[]): string {
  let line = '';
  for (const [at, text] of texts.entries()) {
    if (text !== '' && (line.length < at || at === 0)) line = line.padEnd(at) + text;
  }
  return line;
}

function dayText(date: Date): string {
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}`;
}

function monthText(date: Date): string {
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
}

function hoursText(activeSeconds: readonly number[]): string {
  const hours = activeSeconds.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  return `${hours.toFixed(hours < 10 ? 2 : 1)} h`;
}

/** `7.8 h`, `12 min`, `3 s` */
function spanText(seconds: number): string {
  if (seconds >= 3600) return `${Number((seconds / 3600).toFixed(1))} h`;
  return seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
}
