import type { Day } from './live-through.ts';
import { DAY_MS } from './office-day.ts';
import { STEP_MS, type Demand } from './demand.ts';

/** A column is a quarter of an hour. */
const COLUMNS = 96;
const COLUMN_MS = DAY_MS / COLUMNS;
const ROWS = 4;
const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/** Cores that clients wanted, on the average of each quarter of an hour. */
export function demandChart(demand: readonly (Demand | null)[], most: number): string {
  const steps = COLUMN_MS / STEP_MS;
  const means = Array.from({ length: COLUMNS }, (_, column) => {
    const part = demand.slice(column * steps, (column + 1) * steps);
    return part.reduce((sum, wanted) => sum + (wanted?.cores ?? 0), 0) / steps;
  });
  return draw(means, most);
}

/** CU that the ledger has, on the average of each quarter of an hour: none while it slept. */
export function dayChart({ segments, midnightMs }: Day, most: number): string {
  const cuMs = Array.from({ length: COLUMNS }, () => 0);
  for (const { startedAtMs, lengthMs, cu, depth } of segments) {
    if (depth !== null) continue;
    const fromMs = startedAtMs - midnightMs;
    const toMs = fromMs + (lengthMs ?? 0);
    for (let column = Math.floor(fromMs / COLUMN_MS); column * COLUMN_MS < toMs && column < COLUMNS; column += 1) {
      const partMs = Math.min(toMs, (column + 1) * COLUMN_MS) - Math.max(fromMs, column * COLUMN_MS);
      cuMs[column] = (cuMs[column] ?? 0) + cu * partMs;
    }
  }
  return draw(
    cuMs.map((sum) => sum / COLUMN_MS),
    most,
  );
}

function draw(values: readonly number[], most: number): string {
  const eighths = values.map((value) => Math.ceil((value / most) * ROWS * 8 - 1e-9));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const below = (ROWS - 1 - index) * 8;
    const label = index === 0 ? most.toFixed(2) : '    ';
    return `${label} |${eighths.map((height) => EIGHTHS[Math.max(0, Math.min(8, height - below))]).join('')}`.trimEnd();
  });
  return [...rows, `   0 +${'-'.repeat(COLUMNS)}`, `      ${hours()}`].join('\n');
}

function hours(): string {
  return [0, 3, 6, 9, 12, 15, 18, 21]
    .map((hour) => String(hour).padStart(2, '0').padEnd(12))
    .join('')
    .trimEnd();
}
