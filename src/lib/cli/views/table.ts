import { stripVTControlCharacters } from 'node:util';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  readonly paint?: (text: string, row: Row) => string;
  /** May be left out on a narrow terminal; the highest number goes first. */
  readonly spare?: number;
}

export interface TableOptions {
  /** Of the terminal; null for all columns at full width, as scripts get them. */
  readonly width: number | null;
  readonly paintTitle?: (text: string) => string;
}

const GAP = '  ';

/** Aligned columns without boxes, one row a line. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], options: TableOptions): string {
  const sized = columns.map((column) => ({ column, width: widthOf(column, rows) }));
  const shown = options.width === null ? sized : fit(sized, options.width);
  const paintTitle = options.paintTitle ?? ((text) => text);
  const lines = [joinCells(shown.map(({ column, width }) => paintTitle(pad(column.title, width, column.align))))];
  for (const row of rows) {
    lines.push(joinCells(shown.map(({ column, width }) => cellOf(column, row, width))));
  }
  return lines.join('\n');
}

export interface Sized<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

function widthOf<Row>(column: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((widest, row) => Math.max(widest, displayWidth(oneLine(column.text(row)))), column.title.length);
}

/** The columns that there is room for, each as wide as its widest cell. */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly Sized<Row>[] {
  return fit(
    columns.map((column) => ({ column, width: widthOf(column, rows) })),
    width,
  );
}

function fit<Row>(columns: readonly Sized<Row>[], width: number): readonly Sized<Row>[] {
  let kept = [...columns];
  while (totalWidth(kept) > width) {
    const spare = kept.reduce((most, { column }) => Math.max(most, column.spare ?? 0), 0);
    if (spare === 0) break;
    kept = kept.filter(({ column }) => column.spare !== spare);
  }
  return kept;
}

function totalWidth(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + GAP.length * (columns.length - 1);
}

function cellOf<Row>(column: Column<Row>, row: Row, width: number): string {
  const padded = pad(oneLine(column.text(row)), width, column.align);
  return column.paint === undefined ? padded : column.paint(padded, row);
}

function joinCells(cells: readonly string[]): string {
  return cells.join(GAP).trimEnd();
}

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? filling + text : text + filling;
}

const CONTROL_NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** So much of a line as there is room for; what is cut off is shown by an ellipsis. */
export function clip(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let kept = '';
  let used = 0;
  for (const character of line) {
    used += displayWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Values from a database may hold anything; what would break a row or drive the terminal is written out. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return CONTROL_NAMES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const COMBINING = /^\p{Mark}$/u;

/** Columns that a terminal gives to a text. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (character < '\u0300') width += 1;
    else if (!COMBINING.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
