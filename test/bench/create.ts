import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createBareServer } from './by-hand/bare-server.ts';
import { readFirstRow } from './by-hand/first-row.ts';
import { run } from './by-hand/run.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { PROJECT, startAgent, type BenchAgent } from './doze/agent.ts';
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
  what: '`doze compute start` of a new compute to its first row, no warm pool',
  dividedBy: '`mariadb-install-db`, `mariadbd`, row, by hand',
  target: 'cold <= 1.0',
  async measure(context) {
    await using agent = await startAgent();
    const measurements: Measurement[] = [];
    for (const driver of context.options.drivers) measurements.push(await measureDriver(context, agent, driver));
    return joinMeasurements(measurements);
  },
};

async function measureDriver(context: BenchContext, agent: BenchAgent, driver: BenchDriver): Promise<Measurement> {
  using directory = createTemporaryDirectory();
  const purge = async (): Promise<void> => {
    await agent.api.computes.destroy(PROJECT, NAME, { purge: true });
  };
  context.progress(`${driver}: the first compute of a home`);
  const first = await startToFirstRow(agent, driver);
  await purge();

  const found = await alternate(
    {
      doze: { measure: () => startToFirstRow(agent, driver), settle: purge },
      byHand: { measure: () => initialiseToFirstRow(directory.path) },
    },
    planRounds(context, driver, ROUNDS),
  );
  return {
    comparisons: [
      compare({
        label: `${driver}, cold`,
        unit: 'ms',
        measured: { name: 'doze compute start', samples: found.doze },
        baseline: { name: 'mariadb-install-db, start', samples: found.byHand },
        goals: [{ of: 'ratio', at: 'median', is: 'atMost', limit: 1 }],
      }),
    ],
    breakdowns: [
      breakDown(`new compute, ${driver}`, 'ms', found.doze),
      breakDown('by hand beside it', 'ms', found.byHand),
    ],
    facts: [`the first compute of a home, ${driver}, its data template included: ${first.total.toFixed(0)} ms`],
  };
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
