import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createBareServer } from './by-hand/bare-server.ts';
import { startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, DEFAULT_CU, type BenchCompute } from './doze/compute.ts';
import { copyData } from './doze/instance.ts';
import { readResidentBytes } from './doze/resident-memory.ts';
import { serverArguments } from './doze/server-arguments.ts';
import { alternate } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare, type Goal } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 100;
const GOALS: readonly Goal[] = [
  { of: 'ratio', at: 'median', is: 'atMost', limit: 0.8 },
  { of: 'ratio', at: 'p99', is: 'atMost', limit: 2 },
];
const RESIDENT_LIMIT_BYTES = 4 * 1024 ** 2;
/** A size is also a limit of CPU: with the largest one the limit is above what a wake can use. */
const SIZES: readonly number[] = [DEFAULT_CU, 2];

export const wakeHibernated: Benchmark = {
  name: 'wake-hibernated',
  what: "a client's connection to its first row, the compute frozen and its memory in swap",
  dividedBy: 'bare `mariadbd` start to first row, on a copy of the same data',
  target: 'p50 <= 0.8, p99 <= 2; at most 4 MB resident',
  async measure(context) {
    if (!context.options.drivers.includes('docker')) return joinMeasurements([]);
    await using agent = await startAgent();
    const measurements: Measurement[] = [];
    for (const cu of SIZES) measurements.push(await measureSize(context, agent, cu));
    return joinMeasurements(measurements);
  },
};

async function measureSize(context: BenchContext, agent: BenchAgent, cu: number): Promise<Measurement> {
  const label = `docker, ${String(cu)} CU`;
  const compute = await createCompute(agent, { name: `hibernated-${String(cu * 100)}`, driver: 'docker', cu });
  using directory = createTemporaryDirectory();
  // The copy is of a server that was shut down: a bare start is not to recover anything.
  await compute.suspend('stopped');
  await copyData(agent, compute, directory.path);
  await using server = await createBareServer({
    directory: directory.path,
    serverArguments: serverArguments(cu),
    account: compute.target,
  });
  const resident = await measureResident(compute, label);

  const { doze, bare } = await alternate(
    {
      doze: { measure: compute.wake, settle: () => compute.suspend('hibernated') },
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
    breakdowns: [breakDown(`wake, ${label}`, 'ms', doze), breakDown('bare start beside it', 'ms', bare)],
    facts: [resident],
  };
}

/** Leaves it hibernated. */
async function measureResident(compute: BenchCompute, label: string): Promise<string> {
  await compute.wake();
  const awakeBytes = await readResidentBytes(compute);
  await compute.suspend('hibernated');
  const asleepBytes = await readResidentBytes(compute);
  const isMet = asleepBytes <= RESIDENT_LIMIT_BYTES ? 'within' : 'above';
  return `${label}: ${megabytes(awakeBytes)} MB resident while awake, ${megabytes(asleepBytes)} MB hibernated, ${isMet} the target of 4 MB`;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
