import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { tlsArguments } from '../../engines/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { InstanceSpec, StartListener } from '../driver.ts';
import { isDiskFull } from './disk-space.ts';
import { LOOPBACK } from './free-port.ts';
import { hearLog } from './hear-log.ts';
import type { Layout } from './layout.ts';
import { orNull } from './read-if-there.ts';
import { SUPERVISOR_SCRIPT } from './supervisor-script.ts';

export interface LaunchRequest {
  readonly layout: Layout;
  readonly serverPath: string;
  readonly port: number;
  readonly spec: InstanceSpec;
  /** Called when the server has ended and its end is on record, if this process is still there. */
  readonly onEnded: () => void;
  readonly listener?: StartListener | undefined;
}

/**
 * Starts supervisor and server in a session of their own, so that they outlive the agent and its terminal, and
 * resolves when it is on record who they are.
 */
export async function launch(request: LaunchRequest): Promise<void> {
  const { layout, spec, listener } = request;
  const { uid, gid } = await stat(layout.data);
  const [isInitialised] = await Promise.all([
    writeInitFile(layout, spec.initSql, uid, gid),
    writeIdentity(layout, spec, uid, gid),
    forgetLast(layout),
    boundLog(layout.logFile),
  ]);

  await using log = await open(layout.logFile, 'a', 0o600);
  if (listener !== undefined) void hearLog(layout.logFile, (await log.stat()).size, listener);
  listener?.onLaunched();
  const supervisor = spawn(
    '/bin/sh',
    ['-c', SUPERVISOR_SCRIPT, 'doze-supervisor', layout.run, ...commandLine(request, uid, isInitialised)],
    {
      cwd: layout.data,
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    },
  );
  supervisor.once('exit', request.onEnded);
  supervisor.unref();
  const failed = once(supervisor, 'error').then(([error]: unknown[]) => {
    throw new DozeError('SERVER_START_FAILED', `the supervisor of ${spec.name} could not be started`, { cause: error });
  });
  await Promise.race([failed, launched(supervisor.stdio[3] as Readable)]);
  if ((await orNull(stat(layout.serverFile))) === null) throw await notOnRecord(request);
}

/** In this order: a server whose end is gone would count as one of which nothing is known. */
async function forgetLast({ serverFile, exitFile, stoppingFile }: Layout): Promise<void> {
  for (const stale of [serverFile, exitFile, stoppingFile]) await rm(stale, { force: true });
}

/** The supervisor says a word when the record is written, or ends. */
async function launched(pipe: Readable): Promise<void> {
  pipe.resume();
  await once(pipe, 'close');
}

async function notOnRecord({ layout, spec }: LaunchRequest): Promise<DozeError> {
  const code = (await isDiskFull(layout.root)) ? 'DISK_FULL' : 'SERVER_START_FAILED';
  return new DozeError(code, `the server of compute "${spec.name}" could not be put on record in ${layout.run}`);
}

/**
 * No Unix socket: nobody but the gateway is to reach the server, and a path in a long home would be
 * cut at 107 bytes. TCP on the loopback is what all of doze speaks.
 */
function commandLine(
  { layout, serverPath, port, spec }: LaunchRequest,
  uid: number,
  isInitialised: boolean,
): readonly string[] {
  return [
    serverPath,
    ...spec.serverArguments,
    `--datadir=${layout.data}`,
    `--tmpdir=${layout.tmp}`,
    `--pid-file=${layout.run}/mariadbd.pid`,
    '--socket=',
    `--bind-address=${LOOPBACK}`,
    `--port=${port}`,
    ...(isInitialised ? [] : [`--init-file=${layout.initFile}`]),
    ...(spec.identity === null ? [] : tlsArguments(layout.identityFile)),
    // Root has to say that it means it.
    ...(uid === 0 ? ['--user=root'] : []),
  ];
}

/** Holds password hashes: for the server's user only, and only until it was run. @returns whether it was */
async function writeInitFile(layout: Layout, initSql: string, uid: number, gid: number): Promise<boolean> {
  await rm(layout.initFile, { force: true });
  if ((await orNull(stat(layout.initialisedFile))) !== null) return true;
  await writeFile(layout.initFile, `${initSql}SELECT 1 INTO OUTFILE '${escape(layout.initialisedFile)}';\n`, {
    mode: 0o600,
  });
  if (process.getuid?.() === 0) await chown(layout.initFile, uid, gid);
  return false;
}

/** A key: for the server's user only. One that is not needed any more stays, as nothing reads it. */
async function writeIdentity({ identityFile }: Layout, { identity }: InstanceSpec, uid: number, gid: number) {
  if (identity === null) return;
  await rm(identityFile, { force: true });
  await writeFile(identityFile, `${identity.certificate}${identity.key}`, { mode: 0o600 });
  if (process.getuid?.() === 0) await chown(identityFile, uid, gid);
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "''");
}

const MAX_LOG_BYTES = 10 * 1024 ** 2;

async function boundLog(logFile: string): Promise<void> {
  const size = (await orNull(stat(logFile)))?.size ?? 0;
  if (size > MAX_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}
