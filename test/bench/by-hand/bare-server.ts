import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Sample } from '../framework/alternate.ts';
import { awaitPort } from './await-port.ts';
import { readFirstRow, type SqlTarget } from './first-row.ts';
import { findFreePort } from './free-port.ts';
import { startStopwatch } from './stopwatch.ts';

export interface BareServerOptions {
  /** Holds `data`, which is there already. */
  readonly directory: string;
  /** As doze gives them to the same server. */
  readonly serverArguments: readonly string[];
  readonly account: Pick<SqlTarget, 'user' | 'password' | 'database'>;
  /** Between two looks whether it listens. Coarser for many at once, lest the looking be what is measured. */
  readonly pollMs?: number;
}

/** A server started by hand on this machine: what a wake is compared with. */
export interface BareServer extends AsyncDisposable {
  readonly target: SqlTarget;
  /** From the start of the program to the first row at the client. */
  startToFirstRow(sql?: string): Promise<Sample>;
  /** Clean shutdown. */
  stop(): Promise<void>;
}

export async function createBareServer(options: BareServerOptions): Promise<BareServer> {
  const port = await findFreePort();
  const target = { ...options.account, host: '127.0.0.1', port };
  const logPath = join(options.directory, 'server.log');
  const args = commandLine(options, port);
  let server: ChildProcess | null = null;

  const launch = (): void => {
    const log = openSync(logPath, 'a');
    // A session of its own, as doze's have: Linux divides a busy CPU among sessions.
    server = spawn('mariadbd', args, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = null;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGTERM');
    await exited;
  };
  const ready = async (): Promise<void> => {
    const ended = once(server!, 'exit').then(() => {
      throw new Error(`the bare server ended:\n${readFileSync(logPath, 'utf8').slice(-2_000)}`);
    });
    ended.catch(() => undefined);
    await Promise.race([awaitPort(target.host, port), ended]);
  };

  return {
    target,
    startToFirstRow: async (sql) => {
      const elapsedMs = startStopwatch();
      launch();
      await ready();
      const listeningMs = elapsedMs();
      const row = await readFirstRow(target, sql);
      return { total: listeningMs + row.total, parts: { 'server: start to listening': listeningMs, ...row.parts } };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function commandLine({ directory, serverArguments }: BareServerOptions, port: number): readonly string[] {
  mkdirSync(join(directory, 'tmp'), { recursive: true });
  return [
    ...serverArguments,
    `--datadir=${join(directory, 'data')}`,
    `--tmpdir=${join(directory, 'tmp')}`,
    `--pid-file=${join(directory, 'server.pid')}`,
    '--socket=',
    '--bind-address=127.0.0.1',
    `--port=${String(port)}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
}
