import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { createSystemClock } from '../../src/lib/clock.ts';
import type { Verdict } from '../../src/lib/domain/index.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { createStorageWatch } from '../../src/lib/storage/index.ts';
import { startSafekeepers, type SafekeeperGroup } from '../support/storage-tier/serverless-mariadb.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { total, type Sample } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { roundsOf } from './framework/options.ts';
import { describeService } from './storage/describe-service.ts';

/** Groups that lose replicas at once, each at its own place in its interval: as many samples a round. */
const GROUPS = 20;
const ROUNDS = 3;
/** Two looks change a verdict, and each comes up to 1.1 intervals after what came before it. */
const WORST_RATIO = 2.3;

interface Loss {
  readonly what: string;
  /** Replicas of three, the leader first. */
  readonly killed: number;
  readonly verdict: Verdict;
}

const LOSSES: readonly Loss[] = [
  { what: 'leader lost, a successor elected', killed: 1, verdict: 'degraded' },
  { what: 'leader and quorum lost', killed: 2, verdict: 'unavailable' },
];

export const storageVerdict: Benchmark = {
  name: 'storage-verdict',
  what: 'from the death of the leader of the Safekeepers to the changed verdict',
  dividedBy: 'the interval between two looks',
  target: `p99 <= ${String(WORST_RATIO)} intervals`,
  async measure(context) {
    const measurements: Measurement[] = [];
    for (const intervalMs of [1_000, 5_000]) {
      for (const loss of LOSSES) measurements.push(await measureLoss(context, intervalMs, loss));
    }
    return joinMeasurements(measurements);
  },
};

async function measureLoss(context: BenchContext, intervalMs: number, loss: Loss): Promise<Measurement> {
  const label = `${String(intervalMs / 1_000)} s interval, ${loss.what}`;
  const rounds = roundsOf(context.options, ROUNDS);
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    context.progress(`${label}: round ${String(round + 1)} of ${String(rounds)}`);
    samples.push(...(await loseEach(context.signal, intervalMs, loss)));
  }
  return {
    comparisons: [
      compare({
        label,
        unit: 'ms',
        measured: { name: 'verdict', samples },
        baseline: { name: 'the interval', samples: samples.map(() => total(intervalMs)) },
        goals: [{ of: 'ratio', at: 'p99', is: 'atMost', limit: WORST_RATIO }],
      }),
    ],
    breakdowns: [],
    facts: [],
  };
}

async function loseEach(signal: AbortSignal, intervalMs: number, { killed, verdict }: Loss): Promise<Sample[]> {
  const changes = new EventEmitter().setMaxListeners(0);
  const watch = createStorageWatch({
    clock: createSystemClock(),
    logger: createSilentLogger(),
    random: Math.random,
    onChange: ({ name }, health) => changes.emit(`${name} ${health.verdict}`),
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => watch.close());
  const lose = async (group: SafekeeperGroup, name: string): Promise<Sample> => {
    const healthy = once(changes, `${name} healthy`, { signal });
    watch.watch(describeService('safekeepers', name, group.urls, { intervalMs }), null);
    await healthy;
    // Beyond the second look: by then the looks of the groups are anywhere in the interval.
    await sleep(intervalMs * (1.1 + Math.random()), undefined, { signal });
    const changed = once(changes, `${name} ${verdict}`, { signal });
    const elapsedMs = startStopwatch();
    for (let index = 0; index < killed; index += 1) await group.kill(index);
    await changed;
    return total(elapsedMs());
  };
  const groups = await Promise.all(Array.from({ length: GROUPS }, () => startSafekeepers(3)));
  for (const group of groups) stack.use(group);
  return await Promise.all(groups.map((group, index) => lose(group, `sk-${String(index)}`)));
}
