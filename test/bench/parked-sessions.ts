import { setTimeout as sleep } from 'node:timers/promises';

import { askOne } from './by-hand/raw-session.ts';
import { readCpuMs } from './by-hand/process-facts.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { PROJECT, startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, type BenchCompute } from './doze/compute.ts';
import { gatherCrowd, type Crowd } from './doze/crowd.ts';
import { alternate, type Sample } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 10;
const COUNTS: readonly number[] = [100, 10_000];
const QUICK_COUNTS: readonly number[] = [100, 1_000];
/** Of them, woken up and put to sleep again. */
const WOKEN = 100;
const CU = 2;
/** What a suspend leaves behind is over by then. */
const SETTLE_MS = 200;

export const parkedSessions: Benchmark = {
  name: 'parked-sessions',
  what: 'what parked sessions cost: a wake and a suspend beside them, and each one that comes back',
  dividedBy: 'the same without any, in turn',
  target: 'none; the cost of each is shown',
  async measure(context) {
    const measurements: Measurement[] = [];
    for (const count of context.options.isQuick ? QUICK_COUNTS : COUNTS)
      measurements.push(await measureCount(context, count));
    return joinMeasurements(measurements);
  },
};

async function measureCount(context: BenchContext, count: number): Promise<Measurement> {
  const { options, progress } = context;
  await using agent = await startAgent();
  const driver = options.drivers.includes('process') ? 'process' : 'docker';
  const crowded = await createCompute(agent, { name: 'crowded', driver, cu: CU });
  const alone = await createCompute(agent, { name: 'alone', driver, cu: CU });
  const label = `${String(count)} parked`;
  const onProgress = (open: number): void => progress(`${label}: ${String(open)} are there`);
  await suspend(agent, alone);
  await using crowd = await gatherCrowd(agent, crowded, { count, hasAsked: true, onProgress });

  const beside = await measureBeside(context, agent, { crowded, alone }, label);
  const back = await measureComingBack(context, agent, crowded, crowd, label);
  await crowd.requireAll();
  return joinMeasurements([beside, back]);
}

interface Pair {
  readonly crowded: BenchCompute;
  readonly alone: BenchCompute;
}

/** None of those who are parked wants anything. */
async function measureBeside(
  context: BenchContext,
  agent: BenchAgent,
  pair: Pair,
  label: string,
): Promise<Measurement> {
  const suspends: Record<keyof Pair, Sample[]> = { crowded: [], alone: [] };
  const side = (name: keyof Pair) => ({
    measure: async () => {
      const wake = await withCpu(agent, pair[name].firstRow);
      suspends[name].push(await withCpu(agent, () => suspend(agent, pair[name])));
      return wake;
    },
    settle: () => sleep(SETTLE_MS),
  });
  const rounds = planRounds(context, `${label}: wakes and suspends beside them`, ROUNDS);
  const wakes = await alternate({ crowded: side('crowded'), alone: side('alone') }, rounds);
  const asked = { crowded: suspends.crowded.slice(rounds.warmUp), alone: suspends.alone.slice(rounds.warmUp) };
  const row = (what: string, samples: Record<keyof Pair, readonly Sample[]>) =>
    compare({
      label: `${label}: ${what} beside them`,
      unit: 'ms',
      measured: { name: what, samples: samples.crowded },
      baseline: { name: 'without any', samples: samples.alone },
    });
  return {
    comparisons: [row('wake', wakes), row('suspend', asked)],
    breakdowns: [
      breakDown(`wake, ${label}`, 'ms', wakes.crowded),
      breakDown('wake, without any', 'ms', wakes.alone),
      breakDown(`suspend, ${label}`, 'ms', asked.crowded),
      breakDown('suspend, without any', 'ms', asked.alone),
    ],
    facts: [],
  };
}

/** One after the other, on a server that is awake; then all of them have to be looked at again. */
async function measureComingBack(
  context: BenchContext,
  agent: BenchAgent,
  compute: BenchCompute,
  { sessions }: Crowd,
  label: string,
): Promise<Measurement> {
  context.progress(`${label}: ${String(WOKEN)} come back`);
  await compute.firstRow();
  const step = sessions.length / WOKEN;
  const some = sessions.filter((_, index) => index % step === 0);
  const askAll = async (): Promise<Sample[]> => {
    const samples: Sample[] = [];
    for (const session of some) samples.push(await withCpu(agent, () => askOne(session, 'SELECT 1')));
    return samples;
  };
  const restoredCpuMs = readCpuMs(agent.pid);
  const restored = await askAll();
  const restoreCpuMs = (readCpuMs(agent.pid) - restoredCpuMs) / WOKEN;
  const plain = await askAll();
  const looking = await withCpu(agent, () => suspend(agent, compute));
  await compute.firstRow();
  const nothing = await withCpu(agent, () => suspend(agent, compute));
  const ofEach = (name: 'total' | 'cpu'): string => {
    const cost = name === 'total' ? looking.total - nothing.total : looking.parts[CPU]! - nothing.parts[CPU]!;
    return (cost / WOKEN).toFixed(2);
  };
  return {
    comparisons: [
      compare({
        label: `${label}: first statement of one that comes back`,
        unit: 'ms',
        measured: { name: 'restored', samples: restored },
        baseline: { name: 'its next statement', samples: plain },
      }),
    ],
    breakdowns: [],
    facts: [
      `${label}, ${String(WOKEN)} of them back: ${restoreCpuMs.toFixed(2)} ms of CPU in the agent for each; a suspend that looks at ` +
        `each of these takes ${ofEach('total')} ms more for each, of which ${ofEach('cpu')} ms are CPU in the agent`,
    ],
  };
}

async function suspend(agent: BenchAgent, { name }: BenchCompute): Promise<void> {
  await agent.api.computes.suspend(PROJECT, name, { depth: 'parked' });
}

const CPU = 'CPU of the agent';

async function withCpu(agent: BenchAgent, act: () => Promise<unknown>): Promise<Sample> {
  const cpuMs = readCpuMs(agent.pid);
  const elapsedMs = startStopwatch();
  await act();
  return { total: elapsedMs(), parts: { [CPU]: readCpuMs(agent.pid) - cpuMs } };
}
