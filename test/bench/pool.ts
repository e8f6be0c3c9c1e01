import { installMissing } from '../support/environment/packages.ts';
import { SYSBENCH } from './by-hand/programs.ts';
import { connectTo, type SqlTarget } from './by-hand/first-row.ts';
import { prepareTransactions, runTransactions } from './by-hand/sysbench.ts';
import { startAgent, PROJECT } from './doze/agent.ts';
import { createCompute } from './doze/compute.ts';
import { findDirectTarget } from './doze/instance.ts';
import { alternate, total, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 5;
const CLIENTS = 1_000;
const CONNECTIONS = 20;
const SECONDS = 6;
/** Half of it for the server, which takes 1,200 connections at this size. */
const CU = 3;
/** Few rows: clients wait for each other's locks. Many: for processors only. */
const ROWS = [10_000, 1_000_000];

export const pool: Benchmark = {
  name: 'pool',
  what: '1,000 clients with short transactions over 20 connections to the server',
  dividedBy: 'the same with a connection each, direct',
  target: 'more transactions per second',
  async measure(context) {
    installMissing([SYSBENCH]);
    await using agent = await startAgent();
    const driver = context.options.drivers.includes('process') ? 'process' : 'docker';
    const compute = await createCompute(agent, { name: 'shared', driver, cu: CU });
    await agent.api.computes.set(PROJECT, 'shared', { pool: 'transaction', poolSize: CONNECTIONS });
    const direct = await findDirectTarget(compute);
    const measurements: Measurement[] = [];
    for (const rows of context.options.isQuick ? ROWS.slice(0, 1) : ROWS)
      measurements.push(await measureRows(context, { gateway: compute.target, direct }, rows));
    const { connections } = await compute.show();
    return joinMeasurements([
      ...measurements,
      { comparisons: [], breakdowns: [], facts: connections === null ? [] : [factOf(connections)] },
    ]);
  },
};

interface Ways {
  readonly gateway: SqlTarget;
  readonly direct: SqlTarget;
}

async function measureRows(context: BenchContext, ways: Ways, rows: number): Promise<Measurement> {
  const clients = context.options.clients ?? CLIENTS;
  const label = `${String(clients)} clients, ${rows.toLocaleString('en')} rows`;
  context.progress(`${label}: filling the table`);
  await dropTable(ways.direct);
  await prepareTransactions(ways.direct, rows);
  const seconds = context.options.isQuick ? 2 : SECONDS;
  const side = (target: SqlTarget): Side => ({
    measure: async () => total(await runTransactions(target, { rows, clients, seconds })),
  });
  const { shared, direct } = await alternate(
    { shared: side(ways.gateway), direct: side(ways.direct) },
    planRounds(context, label, ROUNDS),
  );
  return {
    comparisons: [
      compare({
        label,
        unit: 'per second',
        measured: { name: `${String(CONNECTIONS)} connections`, samples: shared },
        baseline: { name: `direct, ${String(clients)} connections`, samples: direct },
        goals: rows === ROWS[0] ? [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 1 }] : [],
      }),
    ],
    breakdowns: [],
    facts: [],
  };
}

async function dropTable(target: SqlTarget): Promise<void> {
  const connection = await connectTo(target);
  await connection.query('DROP TABLE IF EXISTS sbtest1');
  await connection.end();
}

function factOf({ held, waited, switches }: { held: Times; waited: Times; switches: number }): string {
  const middle = (times: Times): string => (times === null ? 'never' : `${times.p50Ms.toFixed(1)} ms`);
  return `a connection changed hands ${String(switches)} times; held ${middle(held)} in the middle, waited for ${middle(waited)}`;
}

type Times = { readonly p50Ms: number } | null;
