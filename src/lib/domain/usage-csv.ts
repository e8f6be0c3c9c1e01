/** A line of a usage report as plain values; times as ISO 8601. */
export interface UsageRow {
  readonly project: string;
  readonly compute: string | null;
  readonly computeId: string | null;
  readonly activeSeconds: number;
  readonly cuSeconds: number;
  readonly wakes: number;
  readonly frozenSeconds: number;
  readonly hibernatedSeconds: number;
  readonly first: string | null;
  readonly last: string | null;
}

const COLUMNS = [
  'project',
  'compute',
  'computeId',
  'activeSeconds',
  'cuSeconds',
  'wakes',
  'first',
  'last',
  'frozenSeconds',
  'hibernatedSeconds',
] as const;

/** RFC 4180 with a header line, lines ended by a line feed as Unix tools expect. What is null is empty. */
export function usageCsv(rows: readonly UsageRow[]): string {
  const lines = [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => field(row[column])).join(','))];
  return lines.map((line) => `${line}\n`).join('');
}

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
