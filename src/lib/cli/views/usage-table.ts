import type { UsageReport } from '../../api/client/index.ts';
import type { Paint } from '../colour.ts';
import { formatExactSeconds, formatInstant } from './format.ts';
import { renderTable, type Column } from './table.ts';

interface UsageRow {
  readonly project: string;
  readonly compute: string;
  readonly activeSeconds: number;
  readonly frozenSeconds: number;
  readonly hibernatedSeconds: number;
  readonly cuSeconds: number;
  readonly wakes: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly isSum: boolean;
}

/** Computes by project, a sum under each project, and the total. */
export function usageTable(report: UsageReport, width: number | null, paint: Paint): string {
  const rows = report.projects.flatMap((project) => [
    ...report.computes
      .filter((line) => line.project === project.project)
      .map((line) => ({ ...line, compute: line.compute ?? '', isSum: false })),
    { ...project, compute: '(all)', isSum: true },
  ]);
  const total = { ...report.total, project: '(all)', compute: '(all)', first: null, last: null, isSum: true };
  const window = `usage from ${formatInstant(report.since)} to ${formatInstant(report.until)}`;
  return `${paint.faint(window)}\n${renderTable(columnsFor(paint, report.total), [...rows, total], { width, paintTitle: paint.strong })}`;
}

function columnsFor(paint: Paint, total: UsageReport['total']): Column<UsageRow>[] {
  const paintSum = (text: string, { isSum }: UsageRow): string => (isSum ? paint.strong(text) : text);
  const seconds = (title: string, of: (row: UsageRow) => number): Column<UsageRow> => ({
    title,
    text: (row) => formatExactSeconds(of(row)),
    align: 'right',
    paint: paintSum,
  });
  return [
    { title: 'PROJECT', text: ({ project }) => project, paint: paintSum },
    { title: 'COMPUTE', text: ({ compute }) => compute, paint: paintSum },
    seconds('ACTIVE S', ({ activeSeconds }) => activeSeconds),
    seconds('CU S', ({ cuSeconds }) => cuSeconds),
    ...(total.frozenSeconds > 0 ? [seconds('FROZEN S', ({ frozenSeconds }) => frozenSeconds)] : []),
    ...(total.hibernatedSeconds > 0 ? [seconds('HIBERNATED S', ({ hibernatedSeconds }) => hibernatedSeconds)] : []),
    { title: 'WAKES', text: ({ wakes }) => String(wakes), align: 'right', paint: paintSum },
    { title: 'FIRST', text: ({ first }) => formatInstant(first), spare: 2 },
    { title: 'LAST', text: ({ last }) => formatInstant(last), spare: 1 },
  ];
}
