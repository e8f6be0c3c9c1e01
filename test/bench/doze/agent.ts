import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { createApiClient, type ApiClient } from '../../../src/lib/api/client/index.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { inGroups } from '../by-hand/in-groups.ts';
import { run } from '../by-hand/run.ts';
import { ROOT } from '../framework/machine.ts';

/** An agent of its own, as a user's is: its own process, the built program, a home that is gone afterwards. */
export interface BenchAgent extends AsyncDisposable {
  readonly api: ApiClient;
  readonly home: string;
  readonly pid: number;
  readonly socket: string;
  /** Of whoever runs `doze` as a program. */
  readonly environment: NodeJS.ProcessEnv;
  /** `doze ARGS`. @returns its stdout */
  doze(...args: string[]): Promise<string>;
  /** Another agent on the same home, after something was done there that no agent would see. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
}

export const PROGRAM = `${ROOT}/bin/run.js`;
export const PROJECT = 'default';

const PURGES_AT_A_TIME = 8;

export interface AgentOptions {
  /** Environment variables of doze's. */
  readonly settings?: NodeJS.ProcessEnv;
  /** Where its home is made. */
  readonly parent?: string;
}

export async function startAgent({ settings = {}, parent }: AgentOptions = {}): Promise<BenchAgent> {
  const directory = createTemporaryDirectory(parent);
  const environment = { ...process.env, ...settings, DOZE_HOME: directory.path };
  const doze = (...args: string[]): Promise<string> => run(process.execPath, [PROGRAM, ...args], environment);
  const launch = async (): Promise<{ pid: number; socket: string }> => {
    await doze('agent', 'start');
    return JSON.parse(await doze('agent', 'status', '--json')) as { pid: number; socket: string };
  };
  const first = await launch();
  const { socket } = first;
  let { pid } = first;
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { version: string };
  const api = createApiClient({ socketPath: socket, version });
  return {
    api,
    home: directory.path,
    get pid() {
      return pid;
    },
    socket,
    environment,
    doze,
    async restart(meanwhile) {
      await doze('agent', 'stop');
      await meanwhile();
      ({ pid } = await launch());
    },
    [Symbol.asyncDispose]: async () => {
      await inGroups(PURGES_AT_A_TIME, await api.computes.list({ destroyed: true }), async ({ project, name }) => {
        await api.computes.destroy(project, name, { purge: true });
      });
      await setPool(api, 0);
      api.close();
      await doze('agent', 'stop');
      directory[Symbol.dispose]();
    },
  };
}

const POLL_MS = 100;
/** A spare takes a second or two; one that cannot be made is tried again much later. */
const POLLS = 600;

/** As many spares for new computes, made or gone when it returns. */
export async function setPool(api: ApiClient, size: number): Promise<void> {
  await api.pools.set({ size });
  await awaitPool(api, size);
}

export async function awaitPool(api: ApiClient, size: number): Promise<void> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const [pool] = await api.pools.list();
    if ((pool?.ready ?? 0) === size && (size > 0 || pool === undefined)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`there are not ${size} spares: ${JSON.stringify(await api.pools.list())}`);
}
