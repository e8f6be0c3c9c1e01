import type { Connection } from 'mysql2/promise';

import { installMissing } from '../support/environment/packages.ts';
import { connectTo, type SqlTarget } from './by-hand/first-row.ts';
import { HAPROXY } from './by-hand/programs.ts';
import { openThreeWays } from './doze/three-ways.ts';
import { alternate, total, type Side } from './framework/alternate.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { planRounds } from './framework/rounds.ts';
import { summarise } from './framework/statistics.ts';

const ROUNDS = 300;
/** Short blocks in turn: whatever slows the machine down for longer meets all ways alike. */
const QUERIES_PER_BLOCK = 100;

export const gatewayLatency: Benchmark = {
  name: 'gateway-latency',
  what: "time added to a query at 1 thread; a round is one block's median",
  dividedBy: 'the same query direct',
  target: '<= 40 us at the median',
  async measure(context) {
    installMissing([HAPROXY]);
    await using ways = await openThreeWays(context);
    await using sessions = new AsyncDisposableStack();
    const side = async (target: SqlTarget): Promise<Side> => {
      const connection = await connectTo(target);
      sessions.defer(() => connection.end());
      return { measure: async () => total(await measureBlock(connection)) };
    };
    const sides = {
      gateway: await side(ways.gateway),
      haproxy: await side(ways.haproxy),
      direct: await side(ways.direct),
    };
    const found = await alternate(sides, { ...planRounds(context, '1 thread', ROUNDS), warmUp: 20 });
    const baseline = { name: 'direct', samples: found.direct };
    return {
      comparisons: [
        compare({
          label: '1 thread',
          unit: 'us',
          measured: { name: 'gateway', samples: found.gateway },
          baseline,
          goals: [{ of: 'difference', at: 'median', is: 'atMost', limit: 40 }],
        }),
        compare({
          label: '1 thread, HAProxy for comparison',
          unit: 'us',
          measured: { name: 'HAProxy', samples: found.haproxy },
          baseline,
          goals: [],
        }),
      ],
      breakdowns: [],
      facts: [],
    };
  },
};

/** @returns the median of a block of queries, in microseconds */
async function measureBlock(connection: Connection): Promise<number> {
  const tookUs: number[] = [];
  for (let query = 0; query < QUERIES_PER_BLOCK; query += 1) {
    const beganNs = process.hrtime.bigint();
    await connection.query('SELECT note FROM bench_row WHERE id = 1');
    tookUs.push(Number(process.hrtime.bigint() - beganNs) / 1e3);
  }
  return summarise(tookUs).median;
}
