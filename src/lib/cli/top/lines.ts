import type { Paint } from '../colour.ts';
import { formatAmount, formatCount } from '../views/format.ts';
import { clip, fitColumns, oneLine, pad, type Sized } from '../views/table.ts';
import { stateOrDepth, topColumns, whyColumn } from './columns.ts';
import type { TopEntry } from './look.ts';
import { entriesOf, projectsOf, selectedRow, windowRows, type TopState } from './state.ts';

/** For the reason, which is what people look for, before any column goes. */
const LEAST_WHY = 26;
const GAP = '  ';
/** In front of the selected row and, blank, of all others: it is to be found without any colour too. */
const MARK = '> ';

/** Pure. The whole screen, a string for each of its lines; none is wider than the terminal. */
export function topLines(state: TopState, nowMs: number, paint: Paint): string[] {
  const entries = entriesOf(state);
  const shown = entries.slice(state.firstRow, state.firstRow + windowRows(state));
  const table = createTable(state, nowMs);
  const selected = selectedRow(state, entries);
  const rows = shown.map((entry, index) => {
    const isSelected = state.firstRow + index === selected;
    const text = clip(`${isSelected ? MARK : '  '}${table.row(entry)}`, state.columns);
    return isSelected ? paint.strong(text) : paintRow(entry, paint)(text);
  });
  const lines = [
    paint.strong(clip(totals(state), state.columns)),
    messageLine(state, paint),
    paint.faint(clip(`  ${table.titles}`, state.columns)),
    ...rows,
    ...(entries.length === 0 ? [clip(emptyText(state), state.columns)] : []),
  ];
  const blanks = Math.max(0, state.rows - 1 - lines.length);
  const keys = paint.faint(clip(keysText(state), state.columns));
  return [...lines.slice(0, Math.max(0, state.rows - 1)), ...Array<string>(blanks).fill(''), keys].slice(0, state.rows);
}

function paintRow({ state }: TopEntry, paint: Paint): (text: string) => string {
  if (state === 'active') return paint.good;
  if (state === 'failed') return paint.bad;
  return state === 'suspended' ? paint.faint : paint.careful;
}

/** `doze top  2 of 14 awake, 1.5 of 48 CU, 3 sessions, 142 queries/s   22:14:03 UTC` */
function totals(state: TopState): string {
  const { look, project } = state;
  if (look === null) return 'doze top';
  const computes = project === null ? look.computes : look.computes.filter((entry) => entry.project === project);
  const sum = (read: (entry: TopEntry) => number): number => computes.reduce((total, entry) => total + read(entry), 0);
  const awake = computes.filter((entry) => entry.state === 'active');
  const limits = look.hosts.map(({ limitCu }) => limitCu);
  const limit = limits.length === 0 || limits.includes(null) ? '' : ` of ${sumOf(limits)}`;
  const queries = sum(({ queriesPerSecond }) => queriesPerSecond ?? 0);
  const parts = [
    `${formatCount(awake.length)} of ${formatCount(computes.length)} awake`,
    `${awake.reduce((total, { size }) => total + size.now, 0)}${limit} CU`,
    formatAmount(
      sum(({ sessions }) => sessions),
      'session',
    ),
    `${formatCount(Math.round(queries))} queries/s`,
  ];
  const whose = project === null ? '' : `${project}: `;
  return `doze top  ${whose}${parts.join(', ')}  ${look.at.slice(11, 19)} UTC`;
}

function sumOf(limits: readonly (number | null)[]): number {
  return limits.reduce<number>((total, limit) => total + (limit ?? 0), 0);
}

function messageLine({ problem, message, columns }: TopState, paint: Paint): string {
  if (problem !== null) return paint.bad(clip(oneLine(problem), columns));
  if (message === null) return '';
  return (message.isFailure ? paint.bad : paint.careful)(clip(oneLine(message.text), columns));
}

function emptyText({ look, project }: TopState): string {
  if (look === null) return '';
  return project === null
    ? '  no computes yet: doze compute start NAME'
    : `  project ${project} has no computes any more`;
}

function keysText({ order, isReversed, project, firstRow, rows, look }: TopState): string {
  const total = look?.computes.length ?? 0;
  const more =
    total > windowRows({ rows }) ? `  rows ${firstRow + 1} to ${Math.min(total, firstRow + windowRows({ rows }))}` : '';
  const sorted = `${order}${isReversed ? ', reversed' : ''}`;
  return `q quit  s suspend  w wake  arrows move  o order: ${sorted}  r reverse  p project: ${project ?? 'all'}${more}`;
}

/** Pure. The table alone, as it stands below each other in a terminal's scrollback. */
export function topTable(state: TopState, nowMs: number, paint: Paint): string {
  const table = createTable(state, nowMs);
  const rows = entriesOf(state).map((entry) => paintRow(entry, paint)(clip(table.row(entry), state.columns)));
  return [paint.strong(clip(table.titles, state.columns)), ...rows].join('\n');
}

interface Table {
  readonly titles: string;
  row(entry: TopEntry): string;
}

/** Column widths by all rows, not those in the window: scrolling moves no column. */
function createTable(state: TopState, nowMs: number): Table {
  const rows = state.look?.computes ?? [];
  const room = state.columns - MARK.length - GAP.length - LEAST_WHY;
  const fitted = columnsFor(state, rows, room);
  const why = whyColumn(nowMs);
  const cells = (entry: TopEntry): string[] =>
    fitted.map(({ column, width }) => pad(oneLine(column.text(entry)), width, column.align));
  return {
    titles: [...fitted.map(({ column, width }) => pad(column.title, width, column.align)), why.title].join(GAP),
    row: (entry) => [...cells(entry), oneLine(why.text(entry))].join(GAP),
  };
}

function columnsFor(state: TopState, rows: readonly TopEntry[], room: number): readonly Sized<TopEntry>[] {
  const hasProjects = projectsOf(state).length > 1;
  const columns = topColumns().filter(({ title }) => title !== 'PROJECT' || hasProjects);
  const fitted = fitColumns(columns, rows, room);
  if (fitted.some(({ column }) => column.title === 'DEPTH')) return fitted;
  const joined = columns
    .filter(({ title }) => title !== 'DEPTH')
    .map((column) => (column.title === 'STATE' ? { ...column, text: stateOrDepth } : column));
  return fitColumns(joined, rows, room);
}
