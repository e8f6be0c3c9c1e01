import type { Breakdown, Comparison, Goal, Unit } from './comparison.ts';
import type { Machine, Versions } from './machine.ts';
import type { Result } from './results.ts';
import type { Summary } from './statistics.ts';

const GIB = 1024 ** 3;

/** Everything, for whoever ran it: the table, where the time went, and what is no ratio. */
export function renderReport(results: readonly Result[]): string {
  return [renderTable(results), ...results.map(renderDetails)].filter((part) => part !== '').join('\n\n');
}

/** The table alone, with where and when it was measured. */
export function renderTable(results: readonly Result[]): string {
  const rows = results.flatMap((result) => result.comparisons.map((comparison) => renderRow(result, comparison)));
  return [
    ...new Set(results.map(renderOrigin)),
    'Measured in turn, A B A B; a ratio is that of one round, and the table has the median and p99 of the rounds.',
    '',
    '| benchmark | variant | rounds | measured: p50 / p95 / p99 | divided by: p50 / p95 / p99 | ratio p50 / p99 | target | met |',
    '|---|---|--:|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function renderOrigin({ date, machine, versions }: Result): string {
  return `${date.slice(0, 10)}: ${describe(machine)}; ${describeVersions(versions)}.`;
}

function describe({ cpu, cores, memoryBytes, kernel }: Machine): string {
  return `${cpu}, ${String(cores)} cores, ${(memoryBytes / GIB).toFixed(0)} GiB, ${kernel}`;
}

function describeVersions({ doze, node, mariadb, docker }: Versions): string {
  const known = { doze, 'Node.js': node, MariaDB: mariadb, Docker: docker };
  return Object.entries(known)
    .filter(([, version]) => version !== null)
    .map(([name, version]) => `${name} ${String(version)}`)
    .join(', ');
}

function renderRow({ name }: Result, comparison: Comparison): string {
  const { label, unit, measured, baseline, ratio, goals } = comparison;
  const cells = [
    name,
    label,
    String(measured.count),
    renderSummary(measured, unit),
    `${baseline.name}: ${renderSummary(baseline, unit)}`,
    `${significant(ratio.median)} / ${significant(ratio.p99)}`,
    goals.map((goal) => renderGoal(goal, unit)).join(', '),
    goals.map(({ isMet }) => (isMet ? 'yes' : 'no')).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function renderSummary({ median, p95, p99 }: Summary, unit: Unit): string {
  return `${[median, p95, p99].map(significant).join(' / ')} ${unit}`;
}

function renderGoal({ of, at, is, limit }: Goal, unit: Unit): string {
  const rank = at === 'median' ? 'p50' : at;
  const what = { ratio: rank, difference: `added ${rank}`, measured: `measured ${rank}` }[of];
  return `${what} ${is === 'atMost' ? '<=' : '>='} ${String(limit)}${of === 'ratio' ? '' : ` ${unit}`}`;
}

function renderDetails({ name, comparisons, breakdowns, facts }: Result): string {
  const differences = comparisons
    .filter(({ goals }) => goals.some(({ of }) => of === 'difference'))
    .map(({ label, unit, difference }) => `- added, ${label}: ${renderSummary(difference, unit)}`);
  const lines = [...facts.map((fact) => `- ${fact}`), ...differences, ...breakdowns.flatMap(renderBreakdown)];
  return lines.length === 0 ? '' : [`**${name}**`, '', ...lines].join('\n');
}

function renderBreakdown({ label, unit, parts }: Breakdown): string[] {
  const rows = Object.entries(parts).map(([part, summary]) => {
    const { min, median, p95, p99 } = summary;
    return `| ${[part, ...[min, median, p95, p99].map(significant)].join(' | ')} |`;
  });
  if (rows.length === 0) return [];
  return [
    '',
    `Where the time goes, ${label}, in ${unit}:`,
    '',
    '| part | min | p50 | p95 | p99 |',
    '|---|--:|--:|--:|--:|',
    ...rows,
  ];
}

/** Three digits, whatever the size: what a noisy machine can say. */
function significant(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
