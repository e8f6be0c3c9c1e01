import { join } from 'node:path';

import type { Connection } from 'mysql2/promise';

import { answerOfSocket } from './by-hand/ask-socket.ts';
import { serveBytes } from './by-hand/answer-server.ts';
import { connectTo } from './by-hand/first-row.ts';
import { loadOverSocket, type LoadResult } from './by-hand/http-load.ts';
import { startStopwatch } from './by-hand/stopwatch.ts';
import { PROJECT, startAgent, type BenchAgent } from './doze/agent.ts';
import { createCompute, DEFAULT_CU } from './doze/compute.ts';
import { multiply } from './doze/multiply.ts';
import { alternate, total, type Sample, type Side } from './framework/alternate.ts';
import type { BenchContext, Benchmark, Measurement } from './framework/benchmark.ts';
import { compare } from './framework/comparison.ts';
import { joinMeasurements } from './framework/join-measurements.ts';
import { planRounds } from './framework/rounds.ts';
import { summarise } from './framework/statistics.ts';

const COMPUTES = 1_000;
const MODEL = 'fleet';
const CONNECTIONS = 16;
const ROUNDS = 10;
const WINDOW_MS = 2_000;
const QUICK_WINDOW_MS = 500;
const QUERIES_PER_BLOCK = 200;
/** Enough ports for all of them, wherever the first one's is. */
const SETTINGS = { DOZE_GATEWAY_PORTS: '23306-25999' };

export const api: Benchmark = {
  name: 'api',
  what: `requests a second over ${String(CONNECTIONS)} connections, list and show among 1,000 computes; a query at the gateway meanwhile`,
  dividedBy: "Node.js's own HTTP server with the same bytes; the query without requests",
  target: 'list >= 0.3, show >= 0.3; the query <= 2',
  async measure(context) {
    const count = context.options.computes ?? (context.options.isQuick ? 100 : COMPUTES);
    await using agent = await startAgent({ settings: SETTINGS });
    context.progress(`making ${String(count)} computes`);
    await agent.api.computes.start(PROJECT, MODEL, { driver: 'process', size: DEFAULT_CU });
    await agent.api.computes.suspend(PROJECT, MODEL, { depth: 'parked', force: true });
    await multiply(agent, MODEL, count);
    return joinMeasurements([
      await measureRequests(context, agent, `list of ${String(count)}`, '/v1/computes'),
      await measureRequests(context, agent, 'show', `/v1/computes/${PROJECT}/${MODEL}`),
      await measureGateway(context, agent),
    ]);
  },
};

async function measureRequests(
  context: BenchContext,
  agent: BenchAgent,
  label: string,
  path: string,
): Promise<Measurement> {
  const body = await answerOfSocket(agent.socket, path);
  await using server = await serveBytes(join(agent.home, 'bare.sock'), body);
  const rounds = planRounds(context, label, ROUNDS);
  const found = await alternate(
    { doze: loadSide(context, agent.socket, path), bare: loadSide(context, server.socketPath, path) },
    rounds,
  );
  const p99 = (samples: readonly Sample[]): Sample[] => samples.map(({ parts }) => total(parts['p99'] ?? 0));
  return {
    comparisons: [
      compare({
        label,
        unit: 'per second',
        measured: { name: 'agent', samples: found.doze },
        baseline: { name: 'bare HTTP server', samples: found.bare },
        goals: [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 0.3 }],
      }),
      compare({
        label: `${label}: p99 of a round`,
        unit: 'ms',
        measured: { name: 'agent', samples: p99(found.doze) },
        baseline: { name: 'bare HTTP server', samples: p99(found.bare) },
      }),
    ],
    breakdowns: [],
    facts: [],
  };
}

function load(context: BenchContext, socketPath: string, path: string): Promise<LoadResult> {
  const durationMs = context.options.isQuick ? QUICK_WINDOW_MS : WINDOW_MS;
  return loadOverSocket({ socketPath, path, connections: CONNECTIONS, durationMs });
}

function loadSide(context: BenchContext, socketPath: string, path: string): Side {
  return {
    measure: async () => {
      const { perSecond, latencies } = await load(context, socketPath, path);
      return { total: perSecond, parts: { p99: summarise(latencies).p99 } };
    },
  };
}

/** One client's queries at an awake compute, with as many requests at the API as it takes, and without. */
async function measureGateway(context: BenchContext, agent: BenchAgent): Promise<Measurement> {
  const compute = await createCompute(agent, { name: 'awake', driver: 'process', cu: DEFAULT_CU });
  const connection = await connectTo(compute.target);
  const reached: number[] = [];
  const path = `/v1/computes/${PROJECT}/${MODEL}`;
  const loaded: Side = {
    measure: async () => {
      const [queries, { perSecond }] = await Promise.all([measureBlock(connection), load(context, agent.socket, path)]);
      reached.push(perSecond);
      return total(queries);
    },
  };
  const quiet: Side = { measure: async () => total(await measureBlock(connection)) };
  const found = await alternate({ loaded, quiet }, planRounds(context, 'a query meanwhile', ROUNDS));
  await connection.end();
  const { rssBytes } = await agent.api.agent.status();
  return {
    comparisons: [
      compare({
        label: 'a query at the gateway meanwhile',
        unit: 'us',
        measured: { name: 'with requests', samples: found.loaded },
        baseline: { name: 'without', samples: found.quiet },
        goals: [{ of: 'ratio', at: 'median', is: 'atMost', limit: 2 }],
      }),
    ],
    breakdowns: [],
    facts: [
      `The agent answered ${Math.round(summarise(reached).median).toLocaleString('en')} requests a second meanwhile, and had ` +
        `${String(Math.round(rssBytes / 1e6))} MB afterwards.`,
    ],
  };
}

/** Microseconds of the median query. */
async function measureBlock(connection: Connection): Promise<number> {
  const times: number[] = [];
  for (let query = 0; query < QUERIES_PER_BLOCK; query += 1) {
    const elapsedMs = startStopwatch();
    await connection.query('SELECT 1');
    times.push(elapsedMs() * 1_000);
  }
  return summarise(times).median;
}
