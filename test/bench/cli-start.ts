import { startStopwatch } from './by-hand/stopwatch.ts';
import { run } from './by-hand/run.ts';
import { PROGRAM, startAgent } from './doze/agent.ts';
import { alternate, total, type Side } from './framework/alternate.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { compare, type Goal } from './framework/comparison.ts';
import { roundsOf } from './framework/options.ts';

const GOALS: readonly Goal[] = [{ of: 'ratio', at: 'median', is: 'atMost', limit: 3 }];

export const cliStart: Benchmark = {
  name: 'cli-start',
  what: '`doze compute list` with a running agent, and `doze --help`',
  dividedBy: '`node -e 0`',
  target: '<= 3',
  async measure({ options, signal, progress }) {
    await using agent = await startAgent();
    const timed = (...args: string[]): Side => ({
      measure: async () => {
        const elapsedMs = startStopwatch();
        await run(process.execPath, args, agent.environment);
        return total(elapsedMs());
      },
    });
    const sides = {
      list: timed(PROGRAM, 'compute', 'list'),
      help: timed(PROGRAM, '--help'),
      node: timed('-e', '0'),
    };
    const rounds = roundsOf(options, 50);
    progress(`${String(rounds)} rounds of three programs`);
    const { list, help, node } = await alternate(sides, { warmUp: 2, rounds, signal });
    const baseline = { name: 'node -e 0', samples: node };
    return {
      comparisons: [
        { label: 'doze compute list', samples: list },
        { label: 'doze --help', samples: help },
      ].map(({ label, samples }) =>
        compare({ label, unit: 'ms', measured: { name: label, samples }, baseline, goals: GOALS }),
      ),
      breakdowns: [],
      facts: [],
    };
  },
};
