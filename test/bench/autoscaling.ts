import { setTimeout as sleep } from 'node:timers/promises';

import { installMissing } from '../support/environment/packages.ts';
import { SYSBENCH } from './by-hand/programs.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { prepareSysbench, runPointSelects } from './by-hand/sysbench.ts';
import { startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, type BenchCompute } from './doze/compute.ts';
import { alternate, total, type Sample, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 5;
/** Of load, and of quiet after it: long enough that the size has come down again before the next. */
const LOAD_SECONDS = 15;
const QUIET_SECONDS = 20;
const THREADS = 8;
const RANGE = { min: 0.25, max: 1 };
const DOWN_AFTER = '5s';
/** How often the agent looks at a compute's load. */
const LOOK_MS = 2_000;
const POLL_MS = 100;
const MOST_MS = 60_000;

export const autoscaling: Benchmark = {
  name: 'autoscaling',
  what: 'sysbench point selects on a compute that is sized by its load, from its smallest size',
  dividedBy: 'the same on one that always has the largest',
  target: 'grown within 8 s; throughput >= 0.7; CU-seconds <= 0.75',
  async measure(context) {
    installMissing([SYSBENCH]);
    await using agent = await startAgent({ settings: { DOZE_SCALE_DOWN_AFTER: DOWN_AFTER } });
    return await measureSizes(context, agent);
  },
};

async function measureSizes(context: BenchContext, agent: BenchAgent): Promise<Measurement> {
  const scaled = await createCompute(agent, { name: 'scaled', driver: 'docker', cu: RANGE.max, size: RANGE });
  const fixed = await createCompute(agent, { name: 'fixed', driver: 'docker', cu: RANGE.max });
  for (const { target } of [scaled, fixed]) await prepareSysbench(target);
  const seconds = context.options.isQuick ? { load: 8, quiet: 12 } : { load: LOAD_SECONDS, quiet: QUIET_SECONDS };
  const label = `docker, ${String(RANGE.min)} to ${String(RANGE.max)} CU, ${String(seconds.load)} s of load, ${String(seconds.quiet)} s without`;

  const grown: Sample[] = [];
  const uses = { scaled: [] as Sample[], fixed: [] as Sample[] };
  const side = (compute: BenchCompute, used: Sample[]): Side => ({
    prepare: async () => {
      await timeToSize(compute, compute === scaled ? RANGE.min : RANGE.max);
    },
    measure: async () => {
      const before = await cuSeconds(agent, compute);
      const growing = timeToSize(compute, RANGE.max);
      const [rate, grownMs] = await Promise.all([runPointSelects(compute.target, THREADS, seconds.load), growing]);
      await sleep(seconds.quiet * 1000);
      used.push(total((await cuSeconds(agent, compute)) - before));
      if (compute === scaled) grown.push(total(grownMs));
      return total(rate);
    },
  });
  // Nothing to warm up: what is measured takes seconds. Each round's samples are all kept.
  const rounds = { ...planRounds(context, label, ROUNDS), warmUp: 0 };
  const rates = await alternate({ scaled: side(scaled, uses.scaled), fixed: side(fixed, uses.fixed) }, rounds);
  return report(label, { rates, uses, grown });
}

interface Found {
  readonly rates: { readonly scaled: readonly Sample[]; readonly fixed: readonly Sample[] };
  readonly uses: { readonly scaled: readonly Sample[]; readonly fixed: readonly Sample[] };
  readonly grown: readonly Sample[];
}

function report(label: string, { rates, uses, grown }: Found): Measurement {
  return {
    comparisons: [
      compare({
        label: `${label}: from load to the largest size`,
        unit: 'ms',
        measured: { name: 'grown', samples: grown },
        baseline: { name: 'the interval', samples: grown.map(() => total(LOOK_MS)) },
        goals: [{ of: 'measured', at: 'median', is: 'atMost', limit: 8_000 }],
      }),
      compare({
        label: `${label}: throughput, the growth included`,
        unit: 'per second',
        measured: { name: 'by load', samples: rates.scaled },
        baseline: { name: 'always the largest', samples: rates.fixed },
        goals: [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 0.7 }],
      }),
      compare({
        label: `${label}: paid for`,
        unit: 'CU-seconds',
        measured: { name: 'by load', samples: uses.scaled },
        baseline: { name: 'always the largest', samples: uses.fixed },
        goals: [{ of: 'ratio', at: 'median', is: 'atMost', limit: 0.75 }],
      }),
    ],
    breakdowns: [],
    facts: [],
  };
}

async function timeToSize(compute: BenchCompute, cu: number): Promise<number> {
  const elapsedMs = startStopwatch();
  while ((await compute.show()).size.now !== cu) {
    if (elapsedMs() > MOST_MS) throw new Error(`${compute.name} did not come to ${String(cu)} CU`);
    await sleep(POLL_MS);
  }
  return elapsedMs();
}

async function cuSeconds({ api }: BenchAgent, { name }: BenchCompute): Promise<number> {
  const { total: all } = await api.usage.report({ compute: name });
  return all.cuSeconds;
}
