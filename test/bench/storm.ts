import { freemem } from 'node:os';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';

import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createBareServer, type BareServer } from './by-hand/bare-server.ts';
import { readFirstRow } from './by-hand/first-row.ts';
import { inGroups } from './by-hand/in-groups.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, type BenchCompute } from './doze/compute.ts';
import { copyData } from './doze/instance.ts';
import { serverArguments } from './doze/server-arguments.ts';
import { alternate, type Sample } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import type { BenchDriver } from './framework/options.ts';
import { planRounds } from './framework/rounds.ts';
import { summarise } from './framework/statistics.ts';

const ROUNDS = 5;
const COMPUTES = 50;
const CLIENTS = 1_000;
const CU = 0.25;
/** What one server takes right after its start, with room to spare. */
const BYTES_PER_SERVER = 200 * 1024 ** 2;
const POLL_MS = 20;
const AT_A_TIME = 4;

export const storm: Benchmark = {
  name: 'storm',
  what: 'many parked computes woken at once, to the last row; many clients on one',
  dividedBy: 'the same number of bare starts at once',
  target: '<= 1.3; one start',
  async measure(context) {
    const measurements: Measurement[] = [];
    for (const driver of context.options.drivers) {
      await using agent = await startAgent();
      measurements.push(await measureComputes(context, agent, driver));
      measurements.push(await measureClients(context, agent, driver));
    }
    return joinMeasurements(measurements);
  },
};

async function measureComputes(context: BenchContext, agent: BenchAgent, driver: BenchDriver): Promise<Measurement> {
  const wanted = context.options.computes ?? (context.options.isQuick ? 5 : COMPUTES);
  const count = Math.max(1, Math.min(wanted, Math.floor(freemem() / BYTES_PER_SERVER)));
  const label = `${driver}, ${String(count)} computes at once`;
  using directory = createTemporaryDirectory();
  await using servers = new AsyncDisposableStack();
  const computes: BenchCompute[] = [];
  const bare: BareServer[] = [];
  for (let index = 0; index < count; index += 1) {
    context.progress(`${driver}: making compute ${String(index + 1)} of ${String(count)}`);
    const compute = await createCompute(agent, { name: `storm-${driver}-${String(index)}`, driver, cu: CU });
    await compute.suspend('parked');
    computes.push(compute);
    bare.push(servers.use(await createTwin(agent, compute, join(directory.path, String(index)))));
  }

  const park = () => inGroups(AT_A_TIME, computes, (compute) => compute.suspend('parked'));
  const found = await alternate(
    {
      doze: { prepare: park, measure: () => wakeAtOnce(computes), settle: park },
      bare: {
        measure: () => atOnce(bare.map((server) => () => server.startToFirstRow())),
        settle: () => inGroups(AT_A_TIME, bare, (server) => server.stop()),
      },
    },
    planRounds(context, label, ROUNDS),
  );
  return {
    comparisons: [
      compare({
        label,
        unit: 'ms',
        measured: { name: 'wakes', samples: found.doze },
        baseline: { name: 'bare starts', samples: found.bare },
        goals: [{ of: 'ratio', at: 'median', is: 'atMost', limit: 1.3 }],
      }),
    ],
    breakdowns: [
      breakDown(`wakes, median of the computes, ${label}`, 'ms', found.doze),
      breakDown('bare starts, median of the servers', 'ms', found.bare),
    ],
    facts: count < wanted ? [`${label}: memory for ${String(wanted)} was not free`] : [],
  };
}

async function createTwin(agent: BenchAgent, compute: BenchCompute, directory: string): Promise<BareServer> {
  mkdirSync(directory);
  await copyData(agent, compute, directory);
  const account = compute.target;
  return createBareServer({ directory, serverArguments: serverArguments(CU), account, pollMs: POLL_MS });
}

/** Each is to have been woken once, or what was timed was no wake. */
async function wakeAtOnce(computes: readonly BenchCompute[]): Promise<Sample> {
  const countWakes = async (): Promise<number> => {
    const shown = await Promise.all(computes.map((compute) => compute.show()));
    return shown.reduce((sum, { wakes }) => sum + wakes, 0);
  };
  const before = await countWakes();
  const sample = await atOnce(computes.map((compute) => compute.firstRow));
  const wakes = (await countWakes()) - before;
  if (wakes !== computes.length) throw new Error(`${String(computes.length)} computes woke ${String(wakes)} times`);
  const ofAgent = await Promise.all(computes.map((compute) => compute.lastWakeParts()));
  return { total: sample.total, parts: { ...sample.parts, ...mediansOf(ofAgent) } };
}

/** Until the last is done; the parts are the median of theirs. */
async function atOnce(starts: readonly (() => Promise<Sample>)[]): Promise<Sample> {
  const elapsedMs = startStopwatch();
  const samples = await Promise.all(starts.map((start) => start()));
  const totalMs = elapsedMs();
  return { total: totalMs, parts: mediansOf(samples.map(({ parts }) => parts)) };
}

function mediansOf(all: readonly Sample['parts'][]): Sample['parts'] {
  const samples = all.map((parts) => ({ total: 0, parts }));
  const { parts } = breakDown('', 'ms', samples);
  return Object.fromEntries(Object.entries(parts).map(([name, { median }]) => [name, median]));
}

async function measureClients(context: BenchContext, agent: BenchAgent, driver: BenchDriver): Promise<Measurement> {
  const count = context.options.clients ?? (context.options.isQuick ? 100 : CLIENTS);
  context.progress(`${driver}: ${String(count)} clients on one compute`);
  const compute = await createCompute(agent, { name: `crowd-${driver}`, driver, cu: CU });
  await compute.suspend('parked');
  const before = (await compute.show()).wakes;
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => readFirstRow(compute.target)));
  const starts = (await compute.show()).wakes - before;

  const served = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  const waited = served.length === 0 ? 'nobody' : describeWaits(served.map(({ value }) => value.total));
  return {
    comparisons: [],
    breakdowns: [],
    facts: [
      `${driver}, ${String(count)} clients at once on one parked compute: ${String(starts)} start(s), ` +
        `${String(served.length)} served (${waited}), ${String(refused.length)} refused${describeRefusals(refused)}`,
    ],
  };
}

function describeWaits(waitsMs: readonly number[]): string {
  const { min, median } = summarise(waitsMs);
  return `first after ${min.toFixed(0)} ms, half after ${median.toFixed(0)}, last after ${Math.max(...waitsMs).toFixed(0)}`;
}

function describeRefusals(refused: readonly PromiseRejectedResult[]): string {
  const times = new Map<string, number>();
  for (const { reason } of refused) {
    const said = reason instanceof Error ? reason.message : String(reason);
    times.set(said, (times.get(said) ?? 0) + 1);
  }
  const kinds = [...times].map(([said, count]) => `${String(count)} times "${said}"`);
  return kinds.length === 0 ? '' : `: ${kinds.join(', ')}`;
}
