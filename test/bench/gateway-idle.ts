import { setTimeout as sleep } from 'node:timers/promises';

import { readCpuMs, readResidentBytes } from './by-hand/process-facts.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { startAgent } from './doze/agent.ts';
import { createCompute } from './doze/compute.ts';
import { gatherCrowd, type CrowdRequest } from './doze/crowd.ts';
import { total } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';

const SESSIONS = 10_000;
const QUICK_SESSIONS = 1_000;
/** Of them, asked afterwards. */
const SAMPLE = 500;
const LIMIT_KIB = 10;
/** The largest there is room for: the more connections a server has, the fewer times it has to sleep meanwhile. */
const CU = 2;
/** What logins left behind is thrown away by then. */
const SETTLE_MS = 15_000;

export const gatewayIdle: Benchmark = {
  name: 'gateway-idle',
  what: '10,000 authenticated idle sessions on a sleeping compute, plain and over TLS: memory of the agent',
  dividedBy: 'the same agent before they came',
  target: '<= 10 KiB each in plain, none dropped',
  async measure(context) {
    return joinMeasurements([
      await measureSessions(context, { hasAsked: false, isOverTls: false }, 'logged in'),
      await measureSessions(context, { hasAsked: true, isOverTls: false }, 'a statement each'),
      await measureSessions(context, { hasAsked: false, isOverTls: true }, 'logged in over TLS'),
    ]);
  },
};

type SessionKind = Required<Pick<CrowdRequest, 'hasAsked' | 'isOverTls'>>;

async function measureSessions(context: BenchContext, kind: SessionKind, what: string): Promise<Measurement> {
  const { options, signal, progress } = context;
  const count = options.isQuick ? QUICK_SESSIONS : SESSIONS;
  const label = `${String(count)} sessions, ${what}`;
  await using agent = await startAgent();
  const driver = options.drivers.includes('process') ? 'process' : 'docker';
  const compute = await createCompute(agent, { name: 'idle', driver, cu: CU });
  const onProgress = (open: number): void => progress(`${label}: ${String(open)} are there`);
  {
    // A first few, who leave again: what is compiled and kept for all of them is not theirs.
    await using first = await gatherCrowd(agent, compute, { count: SAMPLE, ...kind, onProgress });
    await first.requireAll();
  }
  await sleep(SETTLE_MS, undefined, { signal });
  const before = readResidentBytes(agent.pid);

  await using crowd = await gatherCrowd(agent, compute, { count, ...kind, onProgress });
  const elapsedMs = startStopwatch();
  const cpuMs = readCpuMs(agent.pid);
  await sleep(SETTLE_MS, undefined, { signal });
  const cpuShare = ((readCpuMs(agent.pid) - cpuMs) / elapsedMs()) * 100;
  const after = readResidentBytes(agent.pid);
  await crowd.requireAll();
  progress(`${label}: ${String(SAMPLE)} of them are asked`);
  await crowd.askEach(crowd.sessions.filter((_, index) => index % (count / SAMPLE) === 0));
  await crowd.requireAll();

  const eachKib = (after - before) / 1024 / count;
  return {
    comparisons: [
      compare({
        label: `${label}: resident memory`,
        unit: 'MB',
        measured: { name: 'with them', samples: [total(after / 1e6)] },
        baseline: { name: 'before', samples: [total(before / 1e6)] },
        // What OpenSSL keeps of a connection alone is four times as much.
        goals: kind.isOverTls
          ? []
          : [
              {
                of: 'difference',
                at: 'median',
                is: 'atMost',
                limit: Math.round((LIMIT_KIB * 1024 * count) / 1e5) / 10,
              },
            ],
      }),
    ],
    breakdowns: [],
    facts: [
      `${label}: ${eachKib.toFixed(1)} KiB each, ${cpuShare.toFixed(1)} % of a core while they idle; ` +
        `none closed, and ${String(SAMPLE)} of them asked after a wake were who they had been`,
    ],
  };
}
