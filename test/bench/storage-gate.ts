import { setTimeout as sleep } from 'node:timers/promises';

import { createStorageTier } from '../../src/lib/agent/storage-tier.ts';
import { createSystemClock } from '../../src/lib/clock.ts';
import { passStorage } from '../../src/lib/control/pass-storage.ts';
import { DEFAULT_TIMEOUTS, type ControlSettings } from '../../src/lib/control/settings.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { createStorageWatch, type StorageWatch } from '../../src/lib/storage/index.ts';
import { startPageServer, startSafekeepers } from '../support/storage-tier/serverless-mariadb.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { alternate, total } from './framework/alternate.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { planRounds } from './framework/rounds.ts';
import { describeService } from './storage/describe-service.ts';

const ROUNDS = 2_000;
const STORAGE = { kind: 'pageserver', pageServer: 'ps', safekeepers: 'sk' } as const;
const POLL_MS = 20;

export const storageGate: Benchmark = {
  name: 'storage-gate',
  what: 'what the storage gate adds to a wake, the verdicts fresh',
  dividedBy: 'asking the Page Server and three Safekeepers on this machine anew',
  target: 'under 1 ms',
  async measure(context) {
    await using group = await startSafekeepers(3);
    await using pageServer = await startPageServer();
    const clock = createSystemClock();
    const watch = createStorageWatch({
      clock,
      logger: createSilentLogger(),
      random: Math.random,
      onChange: () => undefined,
    });
    await using _watch = { [Symbol.asyncDispose]: () => watch.close() };
    watch.watch(describeService('safekeepers', 'sk', group.urls), null);
    watch.watch(describeService('pageServer', 'ps', [pageServer.url], { safekeepers: 'sk' }), null);
    await untilLookedAt(watch, context.signal);

    const settings = DEFAULT_TIMEOUTS as unknown as ControlSettings;
    const core = { storageTier: createStorageTier(watch, clock), settings };
    const found = await alternate(
      {
        pass: { measure: () => timeUs(() => passStorage(core, STORAGE)) },
        ask: { measure: () => timeUs(() => Promise.all(watch.list().map((service) => service.look()))) },
      },
      planRounds(context, 'gate', ROUNDS),
    );
    return {
      comparisons: [
        compare({
          label: 'fresh verdicts',
          unit: 'us',
          measured: { name: 'gate', samples: found.pass },
          baseline: { name: 'asked anew', samples: found.ask },
          goals: [{ of: 'measured', at: 'p99', is: 'atMost', limit: 1_000 }],
        }),
      ],
      breakdowns: [],
      facts: [],
    };
  },
};

async function timeUs(act: () => Promise<unknown>): Promise<ReturnType<typeof total>> {
  const elapsedMs = startStopwatch();
  await act();
  return total(elapsedMs() * 1_000);
}

async function untilLookedAt(watch: StorageWatch, signal: AbortSignal): Promise<void> {
  while (watch.list().some((service) => service.lastLook() === null)) await sleep(POLL_MS, undefined, { signal });
}
