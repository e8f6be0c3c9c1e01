import type { UsagePeriodLine, UsageReport } from '../../api/client/index.ts';
import { wakeQuantileMs, WAKE_BOUNDS_MS, type UsageValues } from '../../domain/index.ts';
import type { Paint } from '../colour.ts';
import { formatBytes, formatCount, formatExactSeconds, formatInstant } from './format.ts';
import { renderTable, type Column } from './table.ts';

interface SumRow extends UsageValues {
  readonly isSum: boolean;
}

interface UsageRow extends SumRow {
  readonly project: string;
  readonly compute: string;
  readonly first: string | null;
  readonly last: string | null;
}

interface PeriodRow extends SumRow {
  readonly start: string;
}

/** Computes by project, a sum under each project, and the total; or, where it is not by compute, projects or periods. */
export function usageTable(report: UsageReport, width: number | null, paint: Paint): string {
  const window = `usage from ${formatInstant(report.since)} to ${formatInstant(report.until)}`;
  const options = { width, paintTitle: paint.strong };
  const table =
    report.periods.length > 0
      ? renderTable(periodColumns(paint, report.total), periodRows(report), options)
      : renderTable(columnsFor(paint, report), usageRows(report), options);
  return `${paint.faint(window)}\n${table}`;
}

function usageRows(report: UsageReport): UsageRow[] {
  const rows = report.projects.flatMap((project) => [
    ...report.computes
      .filter((line) => line.project === project.project)
      .map((line) => ({ ...line, compute: line.compute ?? '', isSum: false })),
    { ...project, compute: '(all)', isSum: report.computes.length > 0 },
  ]);
  return [...rows, { ...report.total, project: '(all)', compute: '(all)', first: null, last: null, isSum: true }];
}

function periodRows({ periods, total }: UsageReport): PeriodRow[] {
  return [
    ...periods.map((line: UsagePeriodLine) => ({ ...line, isSum: false })),
    { ...total, start: '(all)', isSum: true },
  ];
}

function columnsFor(paint: Paint, { computes, total }: UsageReport): Column<UsageRow>[] {
  const paintSum = sumPainter(paint);
  return [
    { title: 'PROJECT', text: ({ project }) => project, paint: paintSum },
    ...(computes.length === 0 ? [] : [{ title: 'COMPUTE', text: ({ compute }: UsageRow) => compute, paint: paintSum }]),
    ...meterColumns(paint, total),
    { title: 'FIRST', text: ({ first }) => formatInstant(first), spare: 5 },
    { title: 'LAST', text: ({ last }) => formatInstant(last), spare: 4 },
  ];
}

function periodColumns(paint: Paint, total: UsageReport['total']): Column<PeriodRow>[] {
  const start = ({ start }: PeriodRow): string => (start.startsWith('(') ? start : formatInstant(start));
  return [{ title: 'FROM', text: start, paint: sumPainter(paint) }, ...meterColumns(paint, total)];
}

/** What nobody used has no column. */
function meterColumns(paint: Paint, total: UsageReport['total']): Column<SumRow>[] {
  const column = (title: string, text: (row: SumRow) => string, spare = 0): Column<SumRow> => ({
    title,
    text,
    align: 'right',
    paint: sumPainter(paint),
    spare,
  });
  const ifAny = (amount: number, ...made: Column<SumRow>[]): Column<SumRow>[] => (amount > 0 ? made : []);
  return [
    column('ACTIVE S', ({ activeSeconds }) => formatExactSeconds(activeSeconds)),
    column('CU S', ({ cuSeconds }) => formatExactSeconds(cuSeconds)),
    ...ifAny(
      total.frozenSeconds,
      column('FROZEN S', ({ frozenSeconds }) => formatExactSeconds(frozenSeconds)),
    ),
    ...ifAny(
      total.hibernatedSeconds,
      column('HIBERNATED S', ({ hibernatedSeconds }) => formatExactSeconds(hibernatedSeconds)),
    ),
    column('WAKES', ({ wakes }) => String(wakes)),
    ...ifAny(total.wakeLatency.length, column('WAKE P95', wakeText, 3)),
    ...ifAny(
      total.queries,
      column('QUERIES', ({ queries }) => formatCount(queries), 1),
    ),
    ...ifAny(
      total.bytesIn + total.bytesOut,
      column('IN', ({ bytesIn }) => formatBytes(bytesIn), 2),
      column('OUT', ({ bytesOut }) => formatBytes(bytesOut), 2),
    ),
    ...ifAny(
      total.storageByteHours,
      column('GIB H', ({ storageByteHours }) => (storageByteHours / 1024 ** 3).toFixed(3), 1),
    ),
  ];
}

function sumPainter(paint: Paint): (text: string, row: SumRow) => string {
  return (text, { isSum }) => (isSum ? paint.strong(text) : text);
}

function wakeText({ wakeLatency }: SumRow): string {
  const counts = [...WAKE_BOUNDS_MS, null].map(
    (bound) => wakeLatency.find(({ upToMs }) => upToMs === bound)?.wakes ?? 0,
  );
  const p95Ms = wakeQuantileMs(counts, 0.95);
  if (p95Ms === null) return '';
  return Number.isFinite(p95Ms) ? `<= ${p95Ms} ms` : `> ${WAKE_BOUNDS_MS.at(-1) ?? 0} ms`;
}
