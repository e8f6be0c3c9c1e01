import { statfsSync } from 'node:fs';

import { connectTo, type SqlTarget } from './by-hand/first-row.ts';
import { run } from './by-hand/run.ts';
import { createSharingDisk } from './by-hand/sharing-disk.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { PROJECT, startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, type BenchCompute } from './doze/compute.ts';
import { copyData } from './doze/instance.ts';
import { alternate, type Sample } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { breakDown, compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import type { BenchDriver } from './framework/options.ts';
import { planRounds } from './framework/rounds.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const ROUNDS = 5;
const MEGABYTES = 1_000;
const QUICK_MEGABYTES = 100;
const CU = 0.5;
const CLONE = 'clone';

export const clone: Benchmark = {
  name: 'clone',
  what: '`doze compute clone` of 1 GB until the copy is there, of a source that is parked and one that is awake',
  dividedBy: 'the data copied by hand (`cp`, `docker cp`) and brought to disk, the source parked',
  target: 'none; extra bytes on disk, and how long an awake source stood still',
  async measure(context) {
    const measurements: Measurement[] = [];
    for (const driver of context.options.drivers)
      measurements.push(await measurePlace(context, { driver, fileSystem: 'plain copy' }));
    if (!context.options.drivers.includes('process')) return joinMeasurements(measurements);
    await using disk = await createSharingDisk();
    measurements.push(
      disk === null
        ? { comparisons: [], breakdowns: [], facts: ['no file system that shares blocks could be made here'] }
        : await measurePlace(context, { driver: 'process', fileSystem: 'btrfs', parent: disk.path }),
    );
    return joinMeasurements(measurements);
  },
};

interface Place {
  readonly driver: BenchDriver;
  readonly fileSystem: string;
  readonly parent?: string;
}

async function measurePlace(context: BenchContext, { driver, fileSystem, parent }: Place): Promise<Measurement> {
  const megabytes = context.options.isQuick ? QUICK_MEGABYTES : MEGABYTES;
  const label = `${driver}, ${fileSystem}`;
  await using agent = await startAgent(parent === undefined ? {} : { parent });
  const source = await createCompute(agent, { name: 'source', driver, cu: CU });
  context.progress(`${label}: writing ${String(megabytes)} MB`);
  await fill(source.target, megabytes);

  // Where the data is: of Docker's volumes, the disk that they and the homes of these agents share.
  const disk = agent.home;
  const purge = () => agent.api.computes.destroy(PROJECT, CLONE, { purge: true }).then(() => undefined);
  const wake = async (): Promise<void> => {
    await agent.api.computes.resume(PROJECT, source.name, {});
  };
  const park = () => source.suspend('parked');
  const found = await alternate(
    {
      parked: { prepare: park, measure: () => cloneOnce(agent, source, disk), settle: purge },
      awake: { prepare: wake, measure: () => cloneOnce(agent, source, disk), settle: purge },
      byHand: { prepare: park, measure: () => copyByHand(agent, source, disk, parent) },
    },
    planRounds(context, label, ROUNDS),
  );
  const row = (state: 'parked' | 'awake') =>
    compare({
      label: `${label}, source ${state}`,
      unit: 'ms',
      measured: { name: 'clone', samples: found[state] },
      baseline: { name: 'copied by hand', samples: found.byHand },
    });
  const where = (side: string, samples: readonly Sample[], unit: 'ms' | 'MB') =>
    breakDown(
      `${label}, ${side}`,
      unit,
      samples.map((sample) => onlyIn(sample, unit)),
    );
  return {
    comparisons: [row('parked'), row('awake')],
    breakdowns: (['ms', 'MB'] as const).flatMap((unit) => [
      where('source parked', found.parked, unit),
      where('source awake', found.awake, unit),
      where('by hand', found.byHand, unit),
    ]),
    facts: [],
  };
}

/** Parts that are bytes are named so. */
function onlyIn({ total, parts }: Sample, unit: 'ms' | 'MB'): Sample {
  const isBytes = (name: string): boolean => name.startsWith('MB: ');
  const wanted = Object.entries(parts).filter(([name]) => isBytes(name) === (unit === 'MB'));
  return { total, parts: Object.fromEntries(wanted) };
}

/** Incompressible, so that no file system stores less than is written. */
async function fill(target: SqlTarget, megabytes: number): Promise<void> {
  const connection = await connectTo(target);
  await connection.query('CREATE TABLE bench_bulk (id INT PRIMARY KEY, noise VARBINARY(1000) NOT NULL)');
  for (let first = 1; first <= megabytes; first += 1) {
    const [from, to] = [(first - 1) * 1_000 + 1, first * 1_000];
    await connection.query(
      `INSERT INTO bench_bulk SELECT seq, RANDOM_BYTES(1000) FROM seq_${String(from)}_to_${String(to)}`,
    );
  }
  await connection.end();
}

async function cloneOnce(agent: BenchAgent, source: BenchCompute, disk: string): Promise<Sample> {
  const before = await usedMegabytes(disk);
  const elapsedMs = startStopwatch();
  const { copy: copied } = await agent.api.computes.clone(PROJECT, source.name, { name: CLONE });
  const total = elapsedMs();
  if (copied === undefined) throw new Error('the clone has no data');
  const after = await usedMegabytes(disk);
  return {
    total,
    parts: {
      'copy of the data': copied.tookMs,
      ...(copied.frozenMs === null ? {} : { 'source stood still': copied.frozenMs }),
      'MB: data': copied.bytes / 1e6,
      "MB: more on disk, the new server's start included": after - before,
    },
  };
}

async function copyByHand(agent: BenchAgent, source: BenchCompute, disk: string, parent?: string): Promise<Sample> {
  using directory = createTemporaryDirectory(parent);
  const before = await usedMegabytes(disk);
  const elapsedMs = startStopwatch();
  await copyData(agent, source, directory.path);
  await run('sync', ['--file-system', directory.path]);
  const total = elapsedMs();
  return { total, parts: { 'MB: more on disk': (await usedMegabytes(disk)) - before } };
}

async function usedMegabytes(path: string): Promise<number> {
  await run('sync', ['--file-system', path]);
  const { blocks, bfree, bsize } = statfsSync(path);
  return ((blocks - bfree) * bsize) / 1e6;
}
