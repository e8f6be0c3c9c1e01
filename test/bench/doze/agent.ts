import { readFileSync } from 'node:fs';

import { createApiClient, type ApiClient } from '../../../src/lib/api/client/index.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { run } from '../by-hand/run.ts';
import { ROOT } from '../framework/machine.ts';

/** An agent of its own, as a user's is: its own process, the built program, a home that is gone afterwards. */
export interface BenchAgent extends AsyncDisposable {
  readonly api: ApiClient;
  readonly home: string;
  readonly pid: number;
  /** Of whoever runs `doze` as a program. */
  readonly environment: NodeJS.ProcessEnv;
  /** `doze ARGS`. @returns its stdout */
  doze(...args: string[]): Promise<string>;
}

export const PROGRAM = `${ROOT}/bin/run.js`;
export const PROJECT = 'default';

/** @param settings as variables */
export async function startAgent(settings: NodeJS.ProcessEnv = {}): Promise<BenchAgent> {
  const directory = createTemporaryDirectory();
  const environment = { ...process.env, ...settings, DOZE_HOME: directory.path };
  const doze = (...args: string[]): Promise<string> => run(process.execPath, [PROGRAM, ...args], environment);
  await doze('agent', 'start');
  const { pid, socket } = JSON.parse(await doze('agent', 'status', '--json')) as { pid: number; socket: string };
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { version: string };
  const api = createApiClient({ socketPath: socket, version });
  return {
    api,
    home: directory.path,
    pid,
    environment,
    doze,
    [Symbol.asyncDispose]: async () => {
      for (const { project, name } of await api.computes.list({ destroyed: true }))
        await api.computes.destroy(project, name, { purge: true });
      api.close();
      await doze('agent', 'stop');
      directory[Symbol.dispose]();
    },
  };
}
