import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createMariaDbEngine, tlsArguments } from '../../src/lib/engines/index.ts';
import { connect, type SqlConnection } from '../../src/lib/sql/index.ts';
import type { ServerIdentity } from '../../src/lib/x509/index.ts';

/** A bare server in a directory of its own, without any driver. */
export interface MariaDbServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** As root, who may do everything. */
  asRoot(): Promise<SqlConnection>;
  /** One statement after another, as root. */
  run(...statements: readonly string[]): Promise<void>;
  /** The process stands still with its connections, as a frozen compute does. */
  freeze(): void;
  thaw(): void;
  /** Shuts down cleanly, as a parked compute does. */
  stop(): Promise<void>;
  /** Starts again on the same data and port, after `stop`. */
  restart(): Promise<void>;
  /** At once, as a crash. */
  kill(): Promise<void>;
}

export interface MariaDbServerOptions {
  /** Beyond those that doze gives. */
  readonly serverArguments?: readonly string[];
  /** Path of another server than the system's. */
  readonly program?: string;
  /** What it speaks TLS with; none if left out. */
  readonly identity?: ServerIdentity;
}

export const ROOT_PASSWORD = 'root-pw';
const HOST = '127.0.0.1';
const READY_DEADLINE_MS = 60_000;
const SMALL_CU = 0.25;

export async function startMariaDbServer({
  serverArguments = [],
  program = serverBinary(),
  identity,
}: MariaDbServerOptions = {}): Promise<MariaDbServer> {
  const directory = await mkdtemp(join(tmpdir(), 'doze-server-'));
  const identityFile = join(directory, 'tls.pem');
  if (identity !== undefined) await writeFile(identityFile, `${identity.certificate}${identity.key}`);
  const allArguments = identity === undefined ? serverArguments : [...tlsArguments(identityFile), ...serverArguments];
  const port = await findFreePort();
  await initialise(directory, program);
  let server = launch(program, directory, port, allArguments);
  const target = { host: HOST, port, user: 'root', password: ROOT_PASSWORD };
  const asRoot = (): Promise<SqlConnection> => connect(target, { signal: AbortSignal.timeout(READY_DEADLINE_MS) });
  const stop = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGCONT');
    server.kill(signal);
    await once(server, 'exit');
  };
  await untilReady(server, directory, asRoot);
  return {
    host: HOST,
    port,
    asRoot,
    run: async (...statements) => {
      const connection = await asRoot();
      try {
        for (const statement of statements) await connection.run(statement);
      } finally {
        await connection.close();
      }
    },
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    stop: () => stop('SIGTERM'),
    restart: async () => {
      server = launch(program, directory, port, allArguments);
      await untilReady(server, directory, asRoot);
    },
    kill: () => stop('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      await stop('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function initialise(directory: string, program: string): Promise<void> {
  const { templateScript } = createMariaDbEngine({ clock: createSystemClock() });
  mkdirSync(join(directory, 'tmp'));
  const script = spawn('sh', ['-c', templateScript], {
    env: { ...process.env, DATADIR: join(directory, 'data'), TMPDIR: join(directory, 'tmp'), SERVER: program },
    stdio: 'ignore',
  });
  const [code] = (await once(script, 'exit')) as [number | null];
  if (code !== 0) throw new Error('the data directory could not be initialised');
  const grants = [
    `CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '${ROOT_PASSWORD}'`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION`,
    'CREATE DATABASE IF NOT EXISTS shop',
  ];
  await writeFile(join(directory, 'init.sql'), `${grants.join(';\n')};\n`);
}

function launch(program: string, directory: string, port: number, serverArguments: readonly string[]): ChildProcess {
  const log = openSync(join(directory, 'server.log'), 'a');
  const engine = createMariaDbEngine({ clock: createSystemClock() });
  const server = spawn(
    program,
    [
      ...engine.serverArguments(SMALL_CU),
      `--datadir=${join(directory, 'data')}`,
      `--tmpdir=${join(directory, 'tmp')}`,
      `--init-file=${join(directory, 'init.sql')}`,
      `--socket=${join(directory, 'socket')}`,
      `--pid-file=${join(directory, 'pid')}`,
      `--bind-address=${HOST}`,
      `--port=${String(port)}`,
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      ...serverArguments,
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  return server;
}

async function untilReady(
  server: ChildProcess,
  directory: string,
  asRoot: () => Promise<SqlConnection>,
): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  for (;;) {
    try {
      const connection = await asRoot();
      await connection.close();
      return;
    } catch (error) {
      if (server.exitCode !== null || performance.now() > deadline) {
        const log = readFileSync(join(directory, 'server.log'), 'utf8').slice(-2_000);
        throw new Error(`the server did not come up:\n${log}`, { cause: error });
      }
      await sleep(50);
    }
  }
}

function serverBinary(): string {
  const path = ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd', '/usr/bin/mariadbd'].find((name) => existsSync(name));
  if (path === undefined) throw new Error('no mariadbd: install mariadb-server-core');
  return path;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
