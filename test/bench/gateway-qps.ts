import { installMissing } from '../support/environment/packages.ts';
import type { SqlTarget } from './by-hand/first-row.ts';
import { prepareSysbench, runPointSelects } from './by-hand/sysbench.ts';
import { HAPROXY, SYSBENCH } from './by-hand/programs.ts';
import { openThreeWays, type ThreeWays } from './doze/three-ways.ts';
import { alternate, total, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 20;
const SECONDS = 3;
const THREADS = [1, 16];

export const gatewayQps: Benchmark = {
  name: 'gateway-qps',
  what: 'sysbench point selects through the gateway, 1 and 16 threads',
  dividedBy: 'the same through HAProxy in TCP mode, and direct',
  target: '>= 0.95 of HAProxy',
  async measure(context) {
    installMissing([SYSBENCH, HAPROXY]);
    await using ways = await openThreeWays(context);
    await prepareSysbench(ways.direct);
    const measurements: Measurement[] = [];
    for (const threads of THREADS) measurements.push(await measureThreads(context, ways, threads));
    return joinMeasurements(measurements);
  },
};

async function measureThreads(context: BenchContext, ways: ThreeWays, threads: number): Promise<Measurement> {
  const label = threads === 1 ? '1 thread' : `${String(threads)} threads`;
  const seconds = context.options.isQuick ? 1 : SECONDS;
  const side = (target: SqlTarget): Side => ({
    measure: async () => total(await runPointSelects(target, threads, seconds)),
  });
  const { gateway, haproxy, direct } = await alternate(
    { gateway: side(ways.gateway), haproxy: side(ways.haproxy), direct: side(ways.direct) },
    planRounds(context, label, ROUNDS),
  );
  const measured = { name: 'gateway', samples: gateway };
  return {
    comparisons: [
      compare({
        label,
        unit: 'per second',
        measured,
        baseline: { name: 'HAProxy', samples: haproxy },
        goals: [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 0.95 }],
      }),
      compare({ label, unit: 'per second', measured, baseline: { name: 'direct', samples: direct } }),
    ],
    breakdowns: [],
    facts: [],
  };
}
