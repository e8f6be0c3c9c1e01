import { csvLine } from './csv.ts';

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

/** With a header line. */
export function usageCsv(rows: readonly UsageRow[]): string {
  return [csvLine(COLUMNS), ...rows.map((row) => csvLine(COLUMNS.map((column) => row[column])))].join('');
}
