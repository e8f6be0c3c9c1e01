import { setTimeout as sleep } from 'node:timers/promises';

import { installMissing } from '../support/environment/packages.ts';
import type { SqlTarget } from './by-hand/first-row.ts';
import { forgetPeak, readPeakBytes, readResidentBytes } from './by-hand/process-facts.ts';
import { HAPROXY } from './by-hand/programs.ts';
import { createResultReader, type ResultReader } from './by-hand/result-reader.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { openThreeWays, type ThreeWays } from './doze/three-ways.ts';
import { alternate, total, type Sample, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';

const ROUNDS = 20;
const RESULT_BYTES = 100e6;
/** Many small packets, and few large ones. */
const ROW_BYTES: readonly number[] = [100, 1_000];
/** Who has begun to read and stopped: each with nearly all of a result between the server and itself. */
const SLOW_READERS = 10;
const PAUSE_MS = 2_000;
const SETTLE_MS = 1_000;
const GROWTH_LIMIT_MB = 20;

export const gatewayRows: Benchmark = {
  name: 'gateway-rows',
  what: 'a result set of 100 MB through the gateway: throughput, and memory of the agent meanwhile',
  dividedBy: 'the same direct, and through HAProxy in TCP mode',
  target: '>= 0.8 of the throughput, memory bounded',
  async measure(context) {
    installMissing([HAPROXY]);
    await using ways = await openThreeWays(context);
    const measurements: Measurement[] = [];
    for (const rowBytes of ROW_BYTES) measurements.push(await measureThroughput(context, ways, rowBytes));
    measurements.push(await measureSlowReaders(context, ways));
    return joinMeasurements(measurements);
  },
};

function resultOf(rowBytes: number): string {
  return `SELECT REPEAT('x', ${String(rowBytes)}) FROM seq_1_to_${String(RESULT_BYTES / rowBytes)}`;
}

async function measureThroughput(context: BenchContext, ways: ThreeWays, rowBytes: number): Promise<Measurement> {
  const label = `rows of ${String(rowBytes)} bytes`;
  await using readers = new AsyncDisposableStack();
  const side = async (target: SqlTarget): Promise<Side> => {
    const reader = readers.use(await createResultReader(target, resultOf(rowBytes), RESULT_BYTES));
    return {
      measure: async () => {
        const elapsedMs = startStopwatch();
        await reader.read();
        return total(reader.lengthBytes / 1e3 / elapsedMs());
      },
    };
  };
  const before = readMegabytes(ways);
  forgetPeak(ways.agentPid);
  const sides = {
    gateway: await side(ways.gateway),
    haproxy: await side(ways.haproxy),
    direct: await side(ways.direct),
  };
  const { gateway, haproxy, direct } = await alternate(sides, planRounds(context, label, ROUNDS));
  const measured = { name: 'gateway', samples: gateway };
  const unit = 'MB per second';
  return {
    comparisons: [
      compare({
        label,
        unit,
        measured,
        baseline: { name: 'direct', samples: direct },
        goals: [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 0.8 }],
      }),
      compare({ label, unit, measured, baseline: { name: 'HAProxy', samples: haproxy } }),
      compareMemory(`${label}: resident memory at its peak`, ways, before),
    ],
    breakdowns: [],
    facts: [],
  };
}

async function measureSlowReaders(context: BenchContext, ways: ThreeWays): Promise<Measurement> {
  await using stack = new AsyncDisposableStack();
  const readers: ResultReader[] = [];
  const before = readMegabytes(ways);
  for (let index = 0; index < SLOW_READERS; index += 1)
    readers.push(stack.use(await createResultReader(ways.gateway, resultOf(1_000), RESULT_BYTES)));
  context.progress(`${String(SLOW_READERS)} readers that stop inside of a result`);
  forgetPeak(ways.agentPid);
  await Promise.all(readers.map((reader) => reader.readWithPause(() => sleep(PAUSE_MS, undefined, context))));
  const label = `${String(SLOW_READERS)} readers that stop for ${String(PAUSE_MS / 1_000)} s`;
  const comparison = compareMemory(`${label}: resident memory at its peak`, ways, before);
  await sleep(SETTLE_MS, undefined, context);
  return {
    comparisons: [comparison],
    breakdowns: [],
    facts: [`${label}: ${before.total.toFixed(1)} MB before, ${readMegabytes(ways).total.toFixed(1)} MB afterwards`],
  };
}

function compareMemory(label: string, { agentPid }: ThreeWays, before: Sample) {
  return compare({
    label,
    unit: 'MB',
    measured: { name: 'meanwhile', samples: [total(readPeakBytes(agentPid) / 1e6)] },
    baseline: { name: 'before', samples: [before] },
    goals: [{ of: 'difference', at: 'median', is: 'atMost', limit: GROWTH_LIMIT_MB }],
  });
}

function readMegabytes({ agentPid }: ThreeWays): Sample {
  return total(readResidentBytes(agentPid) / 1e6);
}
