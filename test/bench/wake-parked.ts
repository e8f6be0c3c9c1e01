import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createBareServer } from './by-hand/bare-server.ts';
import { startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, DEFAULT_CU } from './doze/compute.ts';
import { copyData } from './doze/instance.ts';
import { serverArguments } from './doze/server-arguments.ts';
import { alternate } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare, type Goal } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import type { BenchDriver } from './framework/options.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 100;
const GOALS: readonly Goal[] = [
  { of: 'ratio', at: 'median', is: 'atMost', limit: 1.5 },
  { of: 'ratio', at: 'p99', is: 'atMost', limit: 2.5 },
];

interface Variant {
  readonly driver: BenchDriver;
  readonly cu: number;
}

/** A size is also a limit of CPU on docker: with the largest one the limit is above what a start can use. */
const VARIANTS: readonly Variant[] = [
  { driver: 'docker', cu: DEFAULT_CU },
  { driver: 'docker', cu: 2 },
  { driver: 'process', cu: DEFAULT_CU },
];

export const wakeParked: Benchmark = {
  name: 'wake-parked',
  what: "a client's connection to its first row, the compute parked",
  dividedBy: 'bare `mariadbd` start to first row, on a copy of the same data',
  target: 'p50 <= 1.5, p99 <= 2.5',
  async measure(context) {
    await using agent = await startAgent();
    const measurements: Measurement[] = [];
    for (const variant of VARIANTS)
      if (context.options.drivers.includes(variant.driver))
        measurements.push(await measureVariant(context, agent, variant));
    return joinMeasurements(measurements);
  },
};

async function measureVariant(context: BenchContext, agent: BenchAgent, { driver, cu }: Variant): Promise<Measurement> {
  const label = `${driver}, ${String(cu)} CU`;
  const compute = await createCompute(agent, { name: `parked-${driver}-${String(cu * 100)}`, driver, cu });
  await compute.suspend('parked');
  using directory = createTemporaryDirectory();
  await copyData(agent, compute, directory.path);
  await using server = await createBareServer({
    directory: directory.path,
    serverArguments: serverArguments(cu),
    account: compute.target,
  });

  const { doze, bare } = await alternate(
    {
      doze: {
        measure: compute.wake,
        settle: () => compute.suspend('parked'),
      },
      bare: { measure: () => server.startToFirstRow(), settle: server.stop },
    },
    planRounds(context, label, ROUNDS),
  );
  return {
    comparisons: [
      compare({
        label,
        unit: 'ms',
        measured: { name: 'wake', samples: doze },
        baseline: { name: 'bare start', samples: bare },
        goals: GOALS,
      }),
    ],
    breakdowns: [breakDown(`wake, ${label}`, 'ms', doze), breakDown(`bare start beside it`, 'ms', bare)],
    facts: [],
  };
}
