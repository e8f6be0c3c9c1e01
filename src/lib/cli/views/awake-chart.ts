import type { BillView } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { escapeHtml } from './escape-html.ts';

type Awake = BillView['awake'][number];

const DAY_SECONDS = 86_400;
const MAX_COMPUTES = 20;
const LABEL_WIDTH = 170;
const DAY_WIDTH = 22;
const BAR_HEIGHT = 40;
const ROW_HEIGHT = 56;
const AXIS_HEIGHT = 20;

/** How long each compute was awake on each day of the month: a row of bars for each, full height is all day long. */
export function awakeChart(awake: readonly Awake[], month: string): string {
  const seconds = ({ secondsByDay }: Awake): number => secondsByDay.reduce((sum, day) => sum + day, 0);
  const shown = awake.toSorted((a, b) => seconds(b) - seconds(a)).slice(0, MAX_COMPUTES);
  if (shown.length === 0) return '<p>Nothing was awake.</p>';
  const days = shown[0]?.secondsByDay.length ?? 0;
  const width = LABEL_WIDTH + days * DAY_WIDTH;
  const height = shown.length * ROW_HEIGHT + AXIS_HEIGHT;
  const rows = shown.map((entry, row) => chartRow(entry, row, month, seconds(entry))).join('');
  const more = awake.length - shown.length;
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Awake time by day">` +
    `${rows}${dayAxis(days, shown.length * ROW_HEIGHT)}</svg>` +
    (more > 0 ? `<p>and ${more} more that were awake for less</p>` : '')
  );
}

function chartRow({ compute, secondsByDay }: Awake, row: number, month: string, all: number): string {
  const top = row * ROW_HEIGHT;
  const base = top + BAR_HEIGHT + 4;
  const right = LABEL_WIDTH + secondsByDay.length * DAY_WIDTH;
  const bars = secondsByDay.map((seconds, day) => bar(seconds, day, base, `${compute}, ${month}-${two(day + 1)}`));
  return (
    `<text class="name" x="0" y="${base - 18}">${escapeHtml(shorten(compute))}</text>` +
    `<text class="sum" x="0" y="${base - 3}">${span(all)} awake</text>` +
    `<line x1="${LABEL_WIDTH}" y1="${base}" x2="${right}" y2="${base}"/>${bars.join('')}`
  );
}

function bar(seconds: number, day: number, base: number, label: string): string {
  if (seconds === 0) return '';
  const height = Math.max(1, Math.round((Math.min(seconds, DAY_SECONDS) / DAY_SECONDS) * BAR_HEIGHT));
  const x = LABEL_WIDTH + day * DAY_WIDTH + 2;
  const title = `<title>${escapeHtml(label)}: ${span(seconds)}</title>`;
  return `<rect x="${x}" y="${base - height}" width="${DAY_WIDTH - 4}" height="${height}">${title}</rect>`;
}

function dayAxis(days: number, top: number): string {
  const label = (day: number): string => {
    const x = LABEL_WIDTH + day * DAY_WIDTH + DAY_WIDTH / 2;
    return `<text class="day" x="${x}" y="${top + AXIS_HEIGHT - 6}">${day + 1}</text>`;
  };
  return Array.from({ length: days }, (_, day) => label(day)).join('');
}

function span(seconds: number): string {
  return formatDuration(Math.round(seconds) * 1000);
}

function shorten(name: string): string {
  return name.length <= 22 ? name : `${name.slice(0, 21)}…`;
}

function two(day: number): string {
  return String(day).padStart(2, '0');
}
