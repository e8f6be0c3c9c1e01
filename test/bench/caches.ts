import { setTimeout as sleep } from 'node:timers/promises';

import { fillBulkTable, queryUntilWarm, readUsedRows, type BulkTable, type Recovery } from './by-hand/point-queries.ts';
import { startAgent, type BenchAgent } from './doze/agent.ts';
import { dropCacheDump, keepCacheDump, type CacheDump } from './doze/cache-dump.ts';
import { createCompute, type BenchCompute } from './doze/compute.ts';
import { startServerInContainer } from './doze/server-in-container.ts';
import { alternate, type Sample, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare, type Goal } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 5;
const SIZES = [0.5, 1] as const;
/** 2 GB; what is used of it fits the cache of the size with room to spare. */
const ROWS = 2_000_000;
const USED_ROWS: Readonly<Record<(typeof SIZES)[number], number>> = { 0.5: 800_000, 1: 1_000_000 };
const QUICK_PART = 10;
const BACK_SHARE = 0.9;
const PATIENCE_MS = 120_000;
const POLL_MS = 100;
/** The server's defaults in place of what doze gives it. */
const DEFAULTS = [
  '--innodb-use-native-aio=ON',
  '--innodb-read-io-threads=4',
  '--innodb-buffer-pool-load-at-startup=ON',
];

const QUERY_GOALS: readonly Goal[] = [{ of: 'ratio', at: 'median', is: 'atMost', limit: 1.3 }];
const BACK_GOALS: readonly Goal[] = [{ of: 'ratio', at: 'median', is: 'atMost', limit: 0.5 }];

export const caches: Benchmark = {
  name: 'caches',
  what: 'p99 of the first 1,000 point queries of one client after a wake from parked, and until what it uses is in the cache again',
  dividedBy: 'the same with nothing that brings the cache back but the queries',
  target: 'p99 of the queries <= 1.3; the cache back in <= 0.5 of the time',
  async measure(context) {
    await using agent = await startAgent();
    const measurements: Measurement[] = [];
    for (const cu of SIZES) measurements.push(await measureSize(context, agent, cu));
    return joinMeasurements(measurements);
  },
};

async function measureSize(context: BenchContext, agent: BenchAgent, cu: (typeof SIZES)[number]): Promise<Measurement> {
  const part = context.options.isQuick ? QUICK_PART : 1;
  const table: BulkTable = { rows: ROWS / part, usedRows: USED_ROWS[cu] / part };
  const compute = await createCompute(agent, { name: `caches-${String(cu * 100)}`, driver: 'docker', cu });
  const label = `docker, ${String(cu)} CU`;
  context.progress(`${label}: writing ${String(table.rows)} rows`);
  await fillBulkTable(compute.target, table);
  const dump = await warmOnly(compute, table);

  const alls = { doze: [] as Sample[], none: [] as Sample[], server: [] as Sample[] };
  const backs = { doze: [] as Sample[], none: [] as Sample[], server: [] as Sample[] };
  const pages = Math.round(dump.pages * BACK_SHARE);
  const side = (name: keyof typeof backs, part: Omit<Side, 'measure'>, run: () => Promise<Recovery>): Side => ({
    ...part,
    measure: async () => {
      const { first, all, back } = await run();
      alls[name].push(all);
      backs[name].push(back);
      return first;
    },
  });
  const recover = (target: BenchCompute['target']) => queryUntilWarm(target, table, { pages, patienceMs: PATIENCE_MS });
  const park = () => compute.suspend('parked');
  // Nothing to warm up: cold is what is measured. Each round's samples are all kept.
  const rounds = { ...planRounds(context, label, ROUNDS), warmUp: 0 };
  const firsts = await alternate(
    {
      doze: side('doze', { prepare: dump.lay, settle: park }, () => recover(compute.target)),
      none: side('none', { prepare: dump.withhold, settle: park }, () => recover(compute.target)),
      server: side('server', { prepare: dump.lay }, async () => {
        const server = await startServerInContainer(compute, DEFAULTS);
        const recovery = await recover(server.target);
        await server.stop();
        return recovery;
      }),
    },
    rounds,
  );
  return report(label, { firsts, alls, backs });
}

/** Parked, with nothing on record as cached but what clients use. */
async function warmOnly(compute: BenchCompute, table: BulkTable): Promise<CacheDump> {
  await compute.suspend('parked');
  await dropCacheDump(compute);
  await readUsedRows(compute.target, table);
  while ((await compute.show()).cache?.isWarming !== false) await sleep(POLL_MS);
  await compute.suspend('parked');
  return await keepCacheDump(compute);
}

const NAMES = { doze: 'wake', none: 'nothing brought back', server: "the server's defaults" } as const;

type Found = Readonly<Record<'doze' | 'none' | 'server', readonly Sample[]>>;

interface AllFound {
  readonly firsts: Found;
  readonly alls: Found;
  readonly backs: Found;
}

function report(label: string, { firsts, alls, backs }: AllFound): Measurement {
  const row = (what: string, found: Found, of: 'doze' | 'server', goals: readonly Goal[]) =>
    compare({
      label: `${label}: ${what}`,
      unit: 'ms',
      measured: { name: NAMES[of], samples: found[of] },
      baseline: { name: NAMES.none, samples: found.none },
      goals,
    });
  return {
    comparisons: [
      row('p99 of the first 1,000 queries', firsts, 'doze', QUERY_GOALS),
      row('p99 of the first 1,000 queries', firsts, 'server', []),
      row('p99 of all queries until it is back', alls, 'doze', []),
      row('p99 of all queries until it is back', alls, 'server', []),
      row('until 90 % of the cache is back', backs, 'doze', BACK_GOALS),
      row('until 90 % of the cache is back', backs, 'server', []),
    ],
    breakdowns: (['doze', 'none', 'server'] as const).flatMap((side) =>
      [firsts, alls].map((found) => breakDown(`${label}, ${NAMES[side]}`, 'ms', found[side])),
    ),
    facts: [],
  };
}
