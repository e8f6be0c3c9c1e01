import type { Connection, OperationResult, UsageLine } from '../../api/client/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import { formatCount, formatExactSeconds } from '../views/format.ts';
import { engineText } from '../views/operation-text.ts';
import type { WakeFigures } from './figures.ts';
import { readContents, requireSame, writeOrders, type Contents } from './rows.ts';
import { connectByUrl, whenAborted, type Stage } from './stage.ts';

/** How long it is left asleep, so that the report can be seen not to bill it. */
const SLEEP_MS = 1_000;
const FALL_ASLEEP_SECONDS = 60;

export function startCompute(stage: Stage): Promise<OperationResult> {
  const { api, name, options, progress, signal, observer, underWay } = stage;
  const request = { driver: options.driver, suspendAfterSeconds: options.suspendAfterMs / 1000 };
  observer.requested();
  return progress.run(
    `Start a database, "${name}"`,
    (report) => {
      // Without the signal: after Ctrl-C the cleaning up has to know when this ends.
      const starting = api.computes.start(options.project, name, request, report);
      underWay.push(starting);
      return Promise.race([starting, whenAborted(signal)]);
    },
    ({ compute, tookMs }) => `Started ${engineText(compute)} on ${compute.driver} in ${formatDuration(tookMs)}`,
  );
}

/** @returns what has to be in the table ever after, and how long writing it took. */
export function writeRows(
  stage: Stage,
  target: Connection,
): Promise<{ readonly contents: Contents; readonly tookMs: number }> {
  const { clock, options, progress, observer } = stage;
  return progress.run(
    `Connect to its mysql:// URL and write ${formatCount(options.rows)} rows`,
    async () => {
      const startedMs = clock.monotonicMs();
      await using connection = await connectByUrl(target, stage);
      observer.answered();
      const contents = await writeOrders(connection, options.rows);
      const tookMs = clock.monotonicMs() - startedMs;
      requireSame(await readContents(connection), contents, 'right after writing');
      observer.answered();
      return { contents, tookMs };
    },
    ({ contents, tookMs }) => `Wrote ${formatCount(contents.rows)} rows in ${formatDuration(tookMs)}`,
  );
}

export interface Sleep {
  readonly depth: string | null;
  /** Monotonic time at which it was seen asleep. */
  readonly sinceMs: number;
}

export function fallAsleep(stage: Stage): Promise<Sleep> {
  const { api, clock, name, options, progress, call, observer } = stage;
  const startedMs = clock.monotonicMs();
  return progress.run(
    `Leave it alone: it sleeps after ${formatDuration(options.suspendAfterMs)} without use`,
    async () => {
      const query = { state: 'suspended' as const, timeoutSeconds: FALL_ASLEEP_SECONDS };
      const { depth } = await api.computes.wait(options.project, name, query, {
        ...call,
        timeoutMs: FALL_ASLEEP_SECONDS * 1100,
      });
      observer.asleep();
      return { depth, sinceMs: clock.monotonicMs() };
    },
    ({ depth, sinceMs }) =>
      `Fell asleep by itself after ${formatDuration(sinceMs - startedMs)}: ${depth ?? 'suspended'}`,
  );
}

export async function wakeUp(stage: Stage, target: Connection, sleep: Sleep, expected: Contents): Promise<WakeFigures> {
  const { clock, progress, signal, observer } = stage;
  await clock.sleep(SLEEP_MS, signal);
  return progress.run(
    'Connect again, which wakes it',
    async () => {
      const startedMs = clock.monotonicMs();
      observer.requested();
      await using connection = await connectByUrl(target, stage);
      await connection.queryRows('SELECT * FROM orders WHERE id = 1');
      const firstRowMs = clock.monotonicMs() - startedMs;
      observer.answered();
      const found = await readContents(connection);
      observer.answered();
      requireSame(found, expected, 'after the wake');
      return { fromDepth: sleep.depth, sleptMs: startedMs - sleep.sinceMs, firstRowMs, rows: found.rows };
    },
    ({ firstRowMs, rows }) => `Woke in ${formatDuration(firstRowMs)} with all ${formatCount(rows)} rows`,
  );
}

/** The usage report of this compute, held against what was seen from outside. @throws DEMO_FAILED */
export function readBill(stage: Stage, wakes: number): Promise<UsageLine> {
  const { api, name, options, progress, call, observer } = stage;
  return progress.run(
    'Compare the usage report with what was seen',
    async () => {
      const report = await api.usage.report({ project: options.project, compute: name }, call);
      const [line] = report.computes;
      if (line === undefined) throw new DozeError('DEMO_FAILED', `the usage report does not know "${name}"`);
      requireFair(line, observer.bounds(), wakes);
      return line;
    },
    (line) => `Billed ${formatExactSeconds(line.activeSeconds)} s and ${line.wakes} wakes, as seen from outside`,
  );
}

function requireFair(line: UsageLine, bounds: ReturnType<Stage['observer']['bounds']>, wakes: number): void {
  const { atLeastSeconds, atMostSeconds } = bounds;
  if (line.activeSeconds < atLeastSeconds || line.activeSeconds > atMostSeconds) {
    throw new DozeError(
      'DEMO_FAILED',
      `${formatExactSeconds(line.activeSeconds)} s were billed, but it was active for ` +
        `${formatExactSeconds(atLeastSeconds)} to ${formatExactSeconds(atMostSeconds)} s`,
      { details: { line, bounds } },
    );
  }
  if (line.wakes !== wakes) {
    throw new DozeError('DEMO_FAILED', `${line.wakes} wakes were billed, but there were ${wakes}`, {
      details: { line },
    });
  }
}
