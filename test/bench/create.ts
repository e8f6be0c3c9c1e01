import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createBareServer } from './by-hand/bare-server.ts';
import { readFirstRow } from './by-hand/first-row.ts';
import { run } from './by-hand/run.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { awaitPool, PROJECT, setPool, startAgent, type BenchAgent } from './doze/agent.ts';
import { agentParts } from './doze/compute.ts';
import { alternate, type Sample } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import type { BenchDriver } from './framework/options.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 30;
const NAME = 'new';
/** There is no table yet. */
const ROW_SQL = 'SELECT VERSION()';

export const create: Benchmark = {
  name: 'create',
  what: '`doze compute start` of a new compute to its first row, with and without a warm pool',
  dividedBy: '`mariadb-install-db`, `mariadbd`, row, by hand',
  target: 'warm <= 0.5, cold <= 1.0',
  async measure(context) {
    const measurements: Measurement[] = [];
    for (const driver of context.options.drivers) measurements.push(await measureDriver(context, driver));
    return joinMeasurements(measurements);
  },
};

async function measureDriver(context: BenchContext, driver: BenchDriver): Promise<Measurement> {
  using directory = createTemporaryDirectory();
  // Two homes: one with a pool, one without.
  await using cold = await startAgent({ settings: { DOZE_DRIVER: driver } });
  await using warm = await startAgent({ settings: { DOZE_DRIVER: driver } });
  context.progress(`${driver}: the first compute of a home`);
  const first = await startToFirstRow(cold, driver);
  await purge(cold);
  await setPool(warm.api, 1);

  const found = await alternate(
    {
      cold: { measure: () => startToFirstRow(cold, driver), settle: () => purge(cold) },
      warm: { measure: () => startFromPool(warm, driver), settle: () => purgeAndRefill(warm) },
      byHand: { measure: () => initialiseToFirstRow(directory.path) },
    },
    planRounds(context, driver, ROUNDS),
  );
  const baseline = { name: 'mariadb-install-db, start', samples: found.byHand };
  const compareTo = (label: string, samples: readonly Sample[], limit: number) =>
    compare({
      label: `${driver}, ${label}`,
      unit: 'ms',
      measured: { name: 'doze compute start', samples },
      baseline,
      goals: [{ of: 'ratio', at: 'median', is: 'atMost', limit }],
    });
  return {
    comparisons: [compareTo('cold', found.cold, 1), compareTo('warm pool', found.warm, 0.5)],
    breakdowns: [
      breakDown(`new compute, ${driver}`, 'ms', found.cold),
      breakDown(`new compute, ${driver}, warm pool`, 'ms', found.warm),
      breakDown('by hand beside it', 'ms', found.byHand),
    ],
    facts: [`the first compute of a home, ${driver}, its data template included: ${first.total.toFixed(0)} ms`],
  };
}

async function purge({ api }: BenchAgent): Promise<void> {
  await api.computes.destroy(PROJECT, NAME, { purge: true });
}

/** The spare that takes its place is not made beside what is measured next. */
async function purgeAndRefill(agent: BenchAgent): Promise<void> {
  await purge(agent);
  await awaitPool(agent.api, 1);
}

async function startFromPool(agent: BenchAgent, driver: BenchDriver): Promise<Sample> {
  const sample = await startToFirstRow(agent, driver);
  if (sample.parts['agent: claim'] === undefined) throw new Error('the compute was not taken from the pool');
  return sample;
}

/** As a CI job does it: the command, then a client on the URL it printed. */
async function startToFirstRow(agent: BenchAgent, driver: BenchDriver): Promise<Sample> {
  const elapsedMs = startStopwatch();
  const answer = await agent.doze('compute', 'start', NAME, '--driver', driver, '--json');
  const commandMs = elapsedMs();
  const row = await readFirstRow(targetOf(JSON.parse(answer) as { url: string }), ROW_SQL);
  const { lastWake } = await agent.api.computes.show(PROJECT, NAME);
  return {
    total: commandMs + row.total,
    parts: {
      'client: doze compute start': commandMs,
      ...row.parts,
      ...(lastWake === null ? {} : agentParts(lastWake)),
    },
  };
}

function targetOf({ url }: { url: string }) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

async function initialiseToFirstRow(directory: string): Promise<Sample> {
  rmSync(join(directory, 'data'), { recursive: true, force: true });
  const account = { user: 'root', password: '', database: 'mysql' };
  await using server = await createBareServer({ directory, serverArguments: ['--no-defaults'], account });
  const elapsedMs = startStopwatch();
  await run('mariadb-install-db', [
    '--no-defaults',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    `--datadir=${join(directory, 'data')}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ]);
  const initialisedMs = elapsedMs();
  const row = await server.startToFirstRow(ROW_SQL);
  return { total: initialisedMs + row.total, parts: { 'server: own initialisation': initialisedMs, ...row.parts } };
}
