import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Dockerode from 'dockerode';

import type { Compute, Segment, Snapshot, Spare } from '../../src/lib/domain/index.ts';
import type { Endpoint, Instance, SnapshotData } from '../../src/lib/drivers/index.ts';
import { connect } from '../../src/lib/sql/index.ts';
import type { Secrets } from '../../src/lib/store/index.ts';
import { cleanDockerHome } from './docker-home.ts';

/** What crash-agent.ts prints when it lives to the end. */
export interface Report {
  readonly homeId: string;
  readonly compute: Compute | null;
  readonly endpoint: Endpoint | null;
  readonly segments: readonly (Segment & { readonly nowMs: number })[];
  readonly instances: readonly Instance[];
  readonly data: readonly string[];
  readonly secrets: Secrets | null;
  /** The clone. */
  readonly twin: (Compute & { readonly endpoint: Endpoint | null; readonly secrets: Secrets | null }) | null;
  readonly snapshots: readonly Pick<Snapshot, 'id' | 'name' | 'state'>[];
  /** What the driver has of snapshots. */
  readonly kept: readonly SnapshotData[];
  readonly spares: readonly Spare[];
  /** Computes that are purged, and whose passwords are there all the same. */
  readonly purgedWithSecrets: readonly string[];
  readonly verify: { readonly isConsistent: boolean; readonly differences: readonly string[] };
  readonly wallMs: number;
}

export interface Outcome {
  /** The compute before the last operation; null when there was none, or when the agent did not get there. */
  readonly before: Compute | null;
  readonly report: Report | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface CrashingAgent {
  /** Runs operations in a new process that dies at step `killAt` of the last one, or `t250` ms into it; 0 is never. */
  run(operations: readonly string[], killAt: number | `t${number}`): Promise<Outcome>;
  writeRow(report: Report): Promise<void>;
  countRows(report: Report): Promise<number>;
  /** Of the clone. */
  countTwinRows(report: Report): Promise<number>;
  close(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('crash-agent.ts', import.meta.url));

/** @param statelessImage for a compute that keeps nothing */
export async function createCrashingAgent(statelessImage: string | null = null): Promise<CrashingAgent> {
  const image = statelessImage === null ? [] : [statelessImage];
  const home = await mkdtemp(join(tmpdir(), 'doze-crash-'));

  async function query(
    report: Pick<Report, 'compute' | 'endpoint' | 'secrets'>,
    sql: string,
  ): Promise<readonly Record<string, unknown>[]> {
    const { compute, endpoint, secrets } = report;
    if (compute === null || endpoint === null || secrets === null) throw new TypeError('the compute is not active');
    const target = { host: endpoint.host, port: endpoint.port, user: compute.user, password: secrets.userPassword };
    await using connection = await connect(target, { signal: AbortSignal.timeout(10_000) });
    return await connection.queryRows(sql);
  }

  return {
    run: async (operations, killAt) => runChild([home, operations.join(','), String(killAt), ...image]),
    async writeRow(report) {
      const database = report.compute?.database ?? '';
      await query(report, `CREATE TABLE IF NOT EXISTS ${database}.t (id INT AUTO_INCREMENT PRIMARY KEY)`);
      await query(report, `INSERT INTO ${database}.t VALUES ()`);
    },
    async countRows(report) {
      const database = report.compute?.database ?? '';
      await query(report, `CREATE TABLE IF NOT EXISTS ${database}.t (id INT AUTO_INCREMENT PRIMARY KEY)`);
      const [row] = await query(report, `SELECT COUNT(*) AS rows_found FROM ${database}.t`);
      return Number(row?.['rows_found']);
    },
    async countTwinRows({ twin }) {
      if (twin === null) throw new TypeError('there is no clone');
      const target = { compute: twin, endpoint: twin.endpoint, secrets: twin.secrets };
      const [row] = await query(target, `SELECT COUNT(*) AS rows_found FROM ${twin.database}.t`);
      return Number(row?.['rows_found']);
    },
    async close() {
      const { report } = await runChild([home, 'recover', '0']);
      if (report !== null) await cleanDockerHome(new Dockerode(), report.homeId);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function runChild(args: readonly string[]): Promise<Outcome> {
  // A hundred processes that all read the same sources.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'doze-crash-compiled') };
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_code, how) => resolve(how));
  });
  const told = (what: string): unknown =>
    JSON.parse(new RegExp(`^${what} (.*)$`, 'm').exec(output)?.[1] ?? 'null') as unknown;
  const [before, report] = [told('begins') as Compute | null, told('report') as Report | null];
  return { before, report, signal, output: output + errors };
}
