import type { Depth } from '../../../src/lib/domain/index.ts';
import type { Asking, HandContainer } from '../by-hand/container.ts';
import { alternate, type Sample, type Side } from '../framework/alternate.ts';
import type { BenchContext, Measurement } from '../framework/benchmark.ts';
import { breakDown, compare, type Comparison } from '../framework/comparison.ts';
import { planRounds } from '../framework/rounds.ts';
import { startAgent } from './agent.ts';
import { createByHandTwin } from './by-hand-twin.ts';
import { createCompute, DEFAULT_CU } from './compute.ts';

export interface DockerWake {
  readonly depth: Depth;
  /** Of the ratio's median. */
  readonly limit: number;
  readonly rounds: number;
  takeDown(byHand: HandContainer): Promise<void>;
  bringUp(byHand: HandContainer, how: Asking): Promise<Sample>;
  /** What the two ways of asking Docker by hand are called. */
  readonly baselines: Readonly<Record<Asking, string>>;
}

/** A wake against the same thing by hand: with the command a person types, and without that command's own start. */
export async function measureDockerWake(context: BenchContext, wake: DockerWake): Promise<Measurement> {
  const { depth } = wake;
  await using agent = await startAgent();
  const compute = await createCompute(agent, { name: `wake-${depth}`, driver: 'docker', cu: DEFAULT_CU });
  await compute.suspend('stopped');
  await using byHand = await createByHandTwin(compute);
  await wake.takeDown(byHand);

  const side = (how: Asking): Side => ({
    measure: () => wake.bringUp(byHand, how),
    settle: () => wake.takeDown(byHand),
  });
  const doze: Side = {
    measure: compute.wake,
    settle: () => compute.suspend(depth),
  };
  const label = `docker, ${String(DEFAULT_CU)} CU`;
  const plan = planRounds(context, label, wake.rounds);
  const found = await alternate({ doze, command: side('command'), api: side('api') }, plan);

  const against = (how: Asking): Comparison =>
    compare({
      label,
      unit: 'ms',
      measured: { name: 'wake', samples: found.doze },
      baseline: { name: wake.baselines[how], samples: found[how] },
      goals: how === 'command' ? [{ of: 'ratio', at: 'median', is: 'atMost', limit: wake.limit }] : [],
    });
  return {
    comparisons: [against('command'), against('api')],
    breakdowns: [
      breakDown(`wake, ${label}`, 'ms', found.doze),
      breakDown(`by hand, ${wake.baselines.command}`, 'ms', found.command),
      breakDown(`by hand, ${wake.baselines.api}`, 'ms', found.api),
    ],
    facts: [],
  };
}
