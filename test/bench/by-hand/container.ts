import Docker from 'dockerode';

import type { Sample } from '../framework/alternate.ts';
import { awaitPort } from './await-port.ts';
import { readFirstRow, type SqlTarget } from './first-row.ts';
import { run } from './run.ts';
import { startStopwatch } from './stopwatch.ts';

const SERVER_PORT = 3306;
const DATA_PATH = '/var/lib/mysql';
const NO_NEIGHBOURS = 'com.docker.network.bridge.enable_icc=false';

export interface HandContainerOptions {
  readonly image: string;
  /** A volume whose data is copied, so that both servers start from the same. */
  readonly volume: string;
  readonly serverArguments: readonly string[];
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly account: Pick<SqlTarget, 'user' | 'password' | 'database'>;
  readonly network: HandNetwork;
}

/**
 * `own`: one on which containers do not reach each other, as doze's. `default`: Docker's, where each reaches every
 * other; a start there is a fifth shorter, as there are no rules to be made in the container's network namespace.
 */
export type HandNetwork = 'own' | 'default';

/** How somebody asks Docker: with the command, or as cheaply as it can be asked. */
export type Asking = 'command' | 'api';

/** A server in a container as somebody would run it without doze: no supervisor, the same limits and data. */
export interface HandContainer extends AsyncDisposable {
  pause(): Promise<void>;
  stop(): Promise<void>;
  /** `docker unpause`, connect, row. */
  unpauseToFirstRow(how: Asking): Promise<Sample>;
  /** `docker start`, poll, row. */
  startToFirstRow(how: Asking): Promise<Sample>;
}

export async function createHandContainer(options: HandContainerOptions): Promise<HandContainer> {
  const name = `doze-bench-by-hand-${options.network}-${String(process.pid)}`;
  const network = options.network === 'own' ? name : 'bridge';
  const docker = (...args: string[]): Promise<string> => run('docker', args);
  const dispose = async (): Promise<void> => {
    await docker('rm', '--force', '--volumes', name);
    await docker('volume', 'rm', '--force', name);
    if (options.network === 'own') await docker('network', 'rm', name);
  };
  await docker('volume', 'create', name);
  if (options.network === 'own') await docker('network', 'create', '--opt', NO_NEIGHBOURS, name);
  await docker(...copyArguments(options, name));
  await docker(...runArguments(options, name, network));
  const container = new Docker().getContainer(name);

  /** Docker gives a container a new address with each start. */
  const findTarget = async (): Promise<SqlTarget> => {
    const { NetworkSettings: settings } = await container.inspect();
    return { ...options.account, host: settings.Networks[network]!.IPAddress, port: SERVER_PORT };
  };
  const ask = async (verb: 'start' | 'unpause', how: Asking): Promise<void> => {
    if (how === 'command') await docker(verb, name);
    else await container[verb]();
  };
  const paused = await findTarget();
  await awaitPort(paused.host, paused.port);
  // A server that is asked to stop while it still starts may not hear it.
  await readFirstRow(paused);

  return {
    pause: async () => {
      await docker('pause', name);
    },
    stop: async () => {
      await docker('stop', '--time', '120', name);
    },
    unpauseToFirstRow: async (how) => {
      const elapsedMs = startStopwatch();
      await ask('unpause', how);
      const askedMs = elapsedMs();
      const row = await readFirstRow(paused);
      return { total: askedMs + row.total, parts: { 'docker: unpause': askedMs, ...row.parts } };
    },
    startToFirstRow: async (how) => {
      const elapsedMs = startStopwatch();
      await ask('start', how);
      const askedMs = elapsedMs();
      const target = await findTarget();
      await awaitPort(target.host, target.port);
      const listeningMs = elapsedMs();
      const row = await readFirstRow(target);
      return {
        total: listeningMs + row.total,
        parts: { 'docker: start': askedMs, 'docker: start to listening': listeningMs - askedMs, ...row.parts },
      };
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function copyArguments({ image, volume }: HandContainerOptions, name: string): readonly string[] {
  const mounts = ['-v', `${volume}:/from:ro`, '-v', `${name}:/to`];
  return ['run', '--rm', '--user', 'root', ...mounts, '--entrypoint', 'cp', image, '-a', '/from/.', '/to/'];
}

function runArguments(options: HandContainerOptions, name: string, network: string): readonly string[] {
  const limits = ['--cpus', String(options.cpus), '--memory', String(options.memoryBytes)];
  return [
    ...['run', '--detach', '--name', name, '--network', network, '--user', 'mysql', ...limits],
    ...['-v', `${name}:${DATA_PATH}`],
    ...['--entrypoint', 'mariadbd', options.image, ...options.serverArguments],
    ...[`--datadir=${DATA_PATH}/data`, `--tmpdir=${DATA_PATH}/tmp`, '--socket=', '--pid-file=/tmp/mariadbd.pid'],
    ...['--bind-address=0.0.0.0', `--port=${String(SERVER_PORT)}`],
  ];
}
