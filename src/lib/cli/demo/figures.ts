import { formatDuration } from '../../domain/index.ts';
import { formatCount, formatExactSeconds } from '../views/format.ts';

/** What a demo measured; what `--json` prints. */
export interface DemoFigures {
  readonly name: string;
  readonly project: string;
  readonly driver: string;
  readonly image: string | null;
  readonly engine: string;
  readonly version: string | null;
  /** Until the first connection could be made. */
  readonly startMs: number;
  readonly rows: number;
  readonly writeMs: number;
  readonly wakes: readonly WakeFigures[];
  readonly activeSeconds: number;
  readonly cuSeconds: number;
  readonly totalMs: number;
  readonly kept: boolean;
}

export interface WakeFigures {
  readonly fromDepth: string | null;
  /** From falling asleep to the connection that ended it, as the client saw it. */
  readonly sleptMs: number;
  /** From opening the connection to the first row. */
  readonly firstRowMs: number;
  readonly rows: number;
}

const ENGINE_TITLES: Readonly<Record<string, string>> = { mariadb: 'MariaDB', mysql: 'MySQL' };

/** The one line that sums it up. */
export function demoSummary(figures: DemoFigures): string {
  const { wakes, driver, engine, version } = figures;
  const rows = formatCount(figures.rows);
  const sleptMs = wakes.reduce((sum, wake) => sum + wake.sleptMs, 0);
  const server = `${ENGINE_TITLES[engine] ?? engine}${version === null ? '' : ` ${version.replace(/-.*/, '')}`}`;
  return (
    `demo: started in ${formatDuration(figures.startMs)}, ${rows} rows written, slept ${formatDuration(sleptMs)}, ` +
    `woke in ${joinTimes(wakes.map((wake) => wake.firstRowMs))} with all ${rows} rows, ` +
    `${formatExactSeconds(figures.activeSeconds)} s billed (${driver}, ${server})`
  );
}

/** `164 ms`, `164 ms and 158 ms` */
function joinTimes(times: readonly number[]): string {
  return times.map((ms) => formatDuration(ms)).join(' and ');
}
