import type { Depth } from '../../../src/lib/domain/index.ts';
import type { Asking, HandContainer, HandNetwork } from '../by-hand/container.ts';
import { alternate, type Sample, type Side } from '../framework/alternate.ts';
import type { BenchContext, Measurement } from '../framework/benchmark.ts';
import { breakDown, compare } from '../framework/comparison.ts';
import { planRounds } from '../framework/rounds.ts';
import { startAgent } from './agent.ts';
import { createByHandTwin } from './by-hand-twin.ts';
import { createCompute, DEFAULT_CU, type BenchCompute } from './compute.ts';

export interface DockerWake {
  readonly depth: Depth;
  /** Of the ratio's median, to the first of the baselines. */
  readonly limit: number;
  readonly rounds: number;
  takeDown(byHand: HandContainer): Promise<void>;
  bringUp(byHand: HandContainer, how: Asking): Promise<Sample>;
  readonly baselines: readonly Baseline[];
}

/** A way of doing the same by hand. */
export interface Baseline {
  readonly name: string;
  readonly how: Asking;
  readonly network: HandNetwork;
}

/** A wake against the same thing by hand, in each of the ways. */
export async function measureDockerWake(context: BenchContext, wake: DockerWake): Promise<Measurement> {
  const { depth } = wake;
  await using agent = await startAgent();
  await using twins = new AsyncDisposableStack();
  const compute = await createCompute(agent, { name: `wake-${depth}`, driver: 'docker', cu: DEFAULT_CU });
  await compute.suspend('stopped');
  const byHand = await createTwins(compute, wake, twins);

  const label = `docker, ${String(DEFAULT_CU)} CU`;
  const sides: Record<string, Side> = { [label]: { measure: compute.wake, settle: () => compute.suspend(depth) } };
  for (const { name, how, network } of wake.baselines) {
    const twin = byHand[network];
    if (twin === undefined) throw new Error(`no container by hand in network ${network}`);
    sides[name] = { measure: () => wake.bringUp(twin, how), settle: () => wake.takeDown(twin) };
  }
  const found = await alternate(sides, planRounds(context, label, wake.rounds));
  const samplesOf = (name: string): readonly Sample[] => found[name] ?? [];

  return {
    comparisons: wake.baselines.map(({ name }, index) =>
      compare({
        label,
        unit: 'ms',
        measured: { name: 'wake', samples: samplesOf(label) },
        baseline: { name, samples: samplesOf(name) },
        goals: index === 0 ? [{ of: 'ratio', at: 'median', is: 'atMost', limit: wake.limit }] : [],
      }),
    ),
    breakdowns: [
      breakDown(`wake, ${label}`, 'ms', samplesOf(label)),
      ...wake.baselines.map(({ name }) => breakDown(`by hand, ${name}`, 'ms', samplesOf(name))),
    ],
    facts: [],
  };
}

async function createTwins(
  compute: BenchCompute,
  wake: DockerWake,
  stack: AsyncDisposableStack,
): Promise<Partial<Record<HandNetwork, HandContainer>>> {
  const twins: Partial<Record<HandNetwork, HandContainer>> = {};
  for (const network of new Set(wake.baselines.map((baseline) => baseline.network))) {
    const twin = stack.use(await createByHandTwin(compute, network));
    await wake.takeDown(twin);
    twins[network] = twin;
  }
  return twins;
}
