import { fileURLToPath } from 'node:url';

import { STORAGE_DEFAULTS, type StorageService } from '../../src/lib/domain/index.ts';
import { startPageServer, startSafekeepers } from '../support/storage-tier/serverless-mariadb.ts';
import type { AskRequest } from './by-hand/ask-over-http.ts';
import { run } from './by-hand/run.ts';
import { alternate, total, type Side } from './framework/alternate.ts';
import type { Benchmark } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { roundsOf } from './framework/options.ts';
import { describeService } from './storage/describe-service.ts';
import type { CpuRequest } from './storage/own-cpu.ts';
import type { WatchRequest } from './storage/watch-services.ts';

/** Each a Page Server and the three Safekeepers that it follows. */
const TIERS = 50;
const ROUNDS = 3;
const { intervalMs } = STORAGE_DEFAULTS;
const WATCH = fileURLToPath(new URL('storage/watch-services.ts', import.meta.url));
const ASK = fileURLToPath(new URL('by-hand/ask-over-http.ts', import.meta.url));

export const storageWatch: Benchmark = {
  name: 'storage-watch',
  what: 'CPU of watching 200 endpoints of the storage tier, each every 5 s',
  dividedBy: 'a request to each every 5 s by hand, the answer read and not looked at',
  target: 'under 2 % of a core',
  async measure({ options, signal, progress }) {
    await using stack = new AsyncDisposableStack();
    const services: StorageService[] = [];
    for (let index = 0; index < TIERS; index += 1) {
      const group = stack.use(await startSafekeepers(3));
      const pageServer = stack.use(await startPageServer());
      const safekeepers = `sk-${String(index)}`;
      services.push(describeService('safekeepers', safekeepers, group.urls));
      services.push(describeService('pageServer', `ps-${String(index)}`, [pageServer.url], { safekeepers }));
    }
    const endpoints = services.flatMap((service) => service.endpoints);
    const urls = endpoints.map((url) => `${url}/api/v1/metrics`);
    const window: CpuRequest = { warmUpMs: 3 * intervalMs, windowMs: options.isQuick ? intervalMs : 6 * intervalMs };
    // In a process of its own: the services that answer are in this one.
    const cpuOf = (program: string, request: WatchRequest | AskRequest): Side => ({
      measure: async () => total(Number(await run(process.execPath, [program, JSON.stringify(request)]))),
    });
    const rounds = roundsOf(options, ROUNDS);
    progress(
      `${String(rounds)} rounds of two processes, ${String((window.warmUpMs + window.windowMs) / 1_000)} s each`,
    );
    const found = await alternate(
      {
        watch: cpuOf(WATCH, { ...window, services }),
        byHand: cpuOf(ASK, { ...window, urls, intervalMs }),
      },
      {
        warmUp: 0,
        rounds,
        signal,
        onRound: (done) => progress(`round ${String(done)} of ${String(rounds)}`),
      },
    );
    return {
      comparisons: [
        compare({
          label: `${String(endpoints.length)} endpoints, every ${String(intervalMs / 1_000)} s`,
          unit: '% of a core',
          measured: { name: 'watch', samples: found.watch },
          baseline: { name: 'requests by hand', samples: found.byHand },
          goals: [{ of: 'measured', at: 'median', is: 'atMost', limit: 2 }],
        }),
      ],
      breakdowns: [],
      facts: [],
    };
  },
};
