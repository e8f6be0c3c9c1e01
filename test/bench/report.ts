import { DatabaseSync } from 'node:sqlite';

import { askSocket } from './by-hand/ask-socket.ts';
import { run } from './by-hand/run.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { PROGRAM, startAgent, type BenchAgent } from './doze/agent.ts';
import { MONTH, writeMonthOfUsage } from './doze/month-of-usage.ts';
import { alternate, total, type Sample } from './framework/alternate.ts';
import type { BenchContext, Benchmark } from './framework/benchmark.ts';
import { compare, type Comparison, type Goal } from './framework/comparison.ts';
import { planRounds } from './framework/rounds.ts';

const COMPUTES = 1_000;
const SEGMENTS_EACH = 1_000;
const ROUNDS = 10;
const LIMIT_MS = 1_000;
/** A window that ends in the middle of an hour is made of more than whole months. */
const UNTIL = { month: new Date(MONTH.untilMs).toISOString(), days: '2026-01-30T10:30:00.000Z' } as const;
const SINCE = new Date(MONTH.sinceMs).toISOString();

export const report: Benchmark = {
  name: 'report',
  what: '`usage report` for a month over 1,000 computes and 1,000,000 segments',
  dividedBy: 'one SQL statement that adds up all segments by compute',
  target: '<= 1 s',
  async measure(context) {
    const computes = context.options.computes ?? (context.options.isQuick ? 100 : COMPUTES);
    await using agent = await startAgent();
    const database = `${agent.home}/doze.db`;
    context.progress(`writing a month of ${computes} computes with ${SEGMENTS_EACH} segments each`);
    await agent.restart(async () => {
      await Promise.resolve();
      writeMonthOfUsage(database, computes, SEGMENTS_EACH);
    });
    const db = new DatabaseSync(database, { readOnly: true });
    using _db = { [Symbol.dispose]: () => db.close() };
    const comparisons: Comparison[] = [];
    for (const variant of VARIANTS) comparisons.push(await measureVariant(context, { agent, db, computes }, variant));
    return { comparisons, breakdowns: [], facts: [] };
  },
};

interface Variant {
  readonly label: string;
  readonly ask: (agent: BenchAgent) => Promise<unknown>;
}

const question = (by: string, until: string, more = ''): string =>
  `/v1/usage?since=${SINCE}&until=${until}&by=${by}${more}`;

const VARIANTS: readonly Variant[] = [
  ...(['compute', 'project', 'hour', 'day'] as const).map((by) => ({
    label: `by ${by}, in the agent`,
    ask: (agent: BenchAgent) => askSocket(agent.socket, question(by, UNTIL.month)),
  })),
  {
    label: 'by compute, up to the middle of an hour, in the agent',
    ask: (agent) => askSocket(agent.socket, question('compute', UNTIL.days)),
  },
  {
    label: 'by compute with a chart by day, in the agent',
    ask: (agent) => askSocket(agent.socket, question('compute', UNTIL.month, '&activity=day')),
  },
  {
    label: 'doze usage report',
    ask: (agent) =>
      run(process.execPath, [PROGRAM, 'usage', 'report', '--since', SINCE, '--until', UNTIL.month], agent.environment),
  },
];

interface Setting {
  readonly agent: BenchAgent;
  readonly db: DatabaseSync;
  readonly computes: number;
}

async function measureVariant(
  context: BenchContext,
  { agent, db, computes }: Setting,
  { label, ask }: Variant,
): Promise<Comparison> {
  const byHand = db.prepare('SELECT compute_id, sum(length_ms), sum(length_ms * quarter_cu) FROM segments GROUP BY 1');
  const found = await alternate(
    {
      report: { measure: () => timeMs(() => ask(agent)) },
      byHand: { measure: () => timeMs(() => byHand.all()) },
    },
    planRounds(context, label, ROUNDS),
  );
  const goals: readonly Goal[] = [{ of: 'measured', at: 'median', is: 'atMost', limit: LIMIT_MS }];
  return compare({
    label: `${computes} computes, ${computes * SEGMENTS_EACH} segments: ${label}`,
    unit: 'ms',
    measured: { name: 'report', samples: found.report },
    baseline: { name: 'segments added up', samples: found.byHand },
    goals,
  });
}

async function timeMs(act: () => unknown): Promise<Sample> {
  const elapsedMs = startStopwatch();
  await act();
  return total(elapsedMs());
}
