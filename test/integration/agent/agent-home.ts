import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createApiClient,
  ensureAgent,
  isAnswering,
  type ApiClient,
  type EnsuredAgent,
} from '../../../src/lib/api/client/index.ts';
import { createSystemClock } from '../../../src/lib/clock.ts';
import { childEnvironment, readEnvironment, type DozePaths } from '../../../src/lib/config/index.ts';

const AGENT = new URL('../../fixtures/agent.ts', import.meta.url).pathname;

/** A home of its own for one test, and what is done with its agent. */
export interface AgentHome extends AsyncDisposable {
  readonly paths: DozePaths;
  readonly api: ApiClient;
  /** With another command than the agent, to see it fail. */
  ensure(command?: readonly [string, ...string[]], timeoutMs?: number): Promise<EnsuredAgent>;
  /** Messages of the log's lines, oldest first. */
  logged(): string[];
  pid(): Promise<number>;
  /** Once it does. */
  answers(): Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function createAgentHome(variables: Readonly<Record<string, string>> = {}): AgentHome {
  const home = mkdtempSync(join(tmpdir(), 'doze-agent-'));
  const { paths } = readEnvironment({ DOZE_HOME: home });
  const clock = createSystemClock();
  const api = createApiClient({ socketPath: paths.socket, version: '1.0.0' });
  const pids = new Set<number>();
  // Ports of its own range, as other agents run on this machine.
  const environment = {
    ...childEnvironment(paths),
    DOZE_SHARED_PORT: '43306',
    DOZE_GATEWAY_PORTS: '43306-43405',
    ...variables,
  };
  const pid = async (): Promise<number> => {
    const status = await api.agent.status();
    pids.add(status.pid);
    return status.pid;
  };
  return {
    paths,
    api,
    pid,
    environment,
    async answers() {
      while (!(await isAnswering(paths.socket))) await clock.sleep(10);
      await pid();
    },
    ensure: (command = [process.execPath, AGENT], timeoutMs = 60_000) =>
      ensureAgent({
        paths,
        command,
        clock,
        timeoutMs,
        environment,
      }),
    logged: () => readFileSync(paths.logFile, 'utf8').split('\n').filter(Boolean).map(messageOf),
    async [Symbol.asyncDispose]() {
      for (const known of pids) await end(known, clock);
      api.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function messageOf(line: string): string {
  return line.startsWith('{') ? (JSON.parse(line) as { msg: string }).msg : line;
}

async function end(pid: number, clock: ReturnType<typeof createSystemClock>): Promise<void> {
  while (isAlive(pid)) {
    process.kill(pid, 'SIGTERM');
    await clock.sleep(50);
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
