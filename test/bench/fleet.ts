import { setTimeout as sleep } from 'node:timers/promises';

import { askSocket } from './by-hand/ask-socket.ts';
import { readCpuMs, readResidentBytes } from './by-hand/process-facts.ts';
import { run } from './by-hand/run.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { PROGRAM, PROJECT, startAgent, type BenchAgent } from './doze/agent.ts';
import { DEFAULT_CU } from './doze/compute.ts';
import { multiply } from './doze/multiply.ts';
import { alternate, total, type Sample, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare, type Goal, type Unit } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { roundsOf, type BenchDriver } from './framework/options.ts';

const COMPUTES = 1_000;
const MODEL = 'fleet';
/** As deep as its instances can be had a thousand times: parked containers are a thousand processes of Docker's. */
const DEPTHS = { process: 'parked', docker: 'stopped' } as const;
/** Holds each of the agent's loops at least once: the rarest has its turn once a minute. */
const WINDOW_MS = 60_000;
const QUICK_WINDOW_MS = 10_000;
/** What an agent does at its start, and compiled code, is over by then. */
const SETTLE_MS = 20_000;
const WINDOWS = 3;
const LISTS = 50;
/** Enough ports for all of them, wherever the first one's is. */
const SETTINGS = { DOZE_GATEWAY_PORTS: '23306-25999' };

export const fleet: Benchmark = {
  name: 'fleet',
  what: 'an agent with 1,000 suspended computes: memory, CPU while nobody comes, `doze compute list`, one look of `doze top`',
  dividedBy: 'an agent without any, beside it',
  target: '<= 150 MB, <= 1 % of a core, <= 100 ms in the agent',
  async measure(context) {
    const measurements: Measurement[] = [];
    for (const driver of context.options.drivers) measurements.push(await measureFleet(context, driver));
    return joinMeasurements(measurements);
  },
};

async function measureFleet(context: BenchContext, driver: BenchDriver): Promise<Measurement> {
  const count = context.options.computes ?? (context.options.isQuick ? 100 : COMPUTES);
  await using full = await startAgent({ settings: SETTINGS });
  context.progress(`${driver}: making ${String(count)} computes`);
  await full.api.computes.start(PROJECT, MODEL, { driver, size: DEFAULT_CU });
  await full.api.computes.suspend(PROJECT, MODEL, { depth: DEPTHS[driver], force: true });
  await multiply(full, MODEL, count);
  await requireAsleep(full, count);
  await using empty = await startAgent({ settings: SETTINGS });
  const agents: Pair<BenchAgent> = { full, empty };

  const label = `${driver}, ${String(count)} ${DEPTHS[driver]}`;
  const row = (what: string, unit: Unit, samples: Pair<readonly Sample[]>, goals: readonly Goal[]) =>
    compare({
      label: `${label}: ${what}`,
      unit,
      measured: { name: what, samples: samples.full },
      baseline: { name: 'no computes', samples: samples.empty },
      goals,
    });
  const idle = await measureIdle(context, agents);
  const lists = await measureInTurn(context, agents, (agent) => askSocket(agent.socket, '/v1/computes'));
  const tops = await measureInTurn(context, agents, (agent) => askSocket(agent.socket, '/v1/top'));
  const commands = await measureInTurn(context, agents, (agent) =>
    run(process.execPath, [PROGRAM, 'compute', 'list'], agent.environment),
  );
  const bytes = { full: [total(readMegabytes(full))], empty: [total(readMegabytes(empty))] };
  await requireAsleep(full, count);
  return {
    comparisons: [
      row('resident memory', 'MB', bytes, [{ of: 'measured', at: 'median', is: 'atMost', limit: 150 }]),
      row('CPU while idle', '% of a core', idle, [{ of: 'measured', at: 'median', is: 'atMost', limit: 1 }]),
      row('compute list, in the agent', 'ms', lists, [{ of: 'measured', at: 'median', is: 'atMost', limit: 100 }]),
      row('top, in the agent', 'ms', tops, [{ of: 'measured', at: 'median', is: 'atMost', limit: 100 }]),
      row('doze compute list', 'ms', commands, []),
    ],
    breakdowns: [],
    facts: [],
  };
}

interface Pair<Value> {
  readonly full: Value;
  readonly empty: Value;
}

/** Both in the same minute, as neither does anything that could be in the other's way. */
async function measureIdle({ options, signal, progress }: BenchContext, agents: Pair<BenchAgent>) {
  const windowMs = options.isQuick ? QUICK_WINDOW_MS : WINDOW_MS;
  const windows = roundsOf(options, WINDOWS);
  const samples: { full: Sample[]; empty: Sample[] } = { full: [], empty: [] };
  await sleep(SETTLE_MS, undefined, { signal });
  for (let index = 0; index < windows; index += 1) {
    progress(`idle for ${String(windowMs / 1_000)} s, ${String(index + 1)} of ${String(windows)}`);
    const elapsedMs = startStopwatch();
    const before = { full: readCpuMs(agents.full.pid), empty: readCpuMs(agents.empty.pid) };
    await sleep(windowMs, undefined, { signal });
    const share = (name: keyof Pair<unknown>): number =>
      ((readCpuMs(agents[name].pid) - before[name]) / elapsedMs()) * 100;
    samples.full.push(total(share('full')));
    samples.empty.push(total(share('empty')));
  }
  return samples;
}

async function measureInTurn(
  { options, signal, progress }: BenchContext,
  agents: Pair<BenchAgent>,
  ask: (agent: BenchAgent) => Promise<unknown>,
) {
  const side = (agent: BenchAgent): Side => ({
    measure: async () => {
      const elapsedMs = startStopwatch();
      await ask(agent);
      return total(elapsedMs());
    },
  });
  const rounds = roundsOf(options, LISTS);
  progress(`${String(rounds)} lists of either`);
  return alternate({ full: side(agents.full), empty: side(agents.empty) }, { warmUp: 2, rounds, signal });
}

function readMegabytes({ pid }: BenchAgent): number {
  return readResidentBytes(pid) / 1e6;
}

/** Figures of a fleet of which some were awake, or lost, would be those of something else. */
async function requireAsleep(agent: BenchAgent, count: number): Promise<void> {
  const computes = await agent.api.computes.list({});
  const asleep = computes.filter(({ state }) => state === 'suspended');
  if (computes.length !== count || asleep.length !== count)
    throw new Error(`of ${String(computes.length)} computes ${String(asleep.length)} are asleep`);
}
