import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { DozeError, systemCode } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import { freeBytes } from './disk-space.ts';
import type { ServerBinary } from './find-server.ts';
import { templatesDirectory } from './layout.ts';
import { listIfThere, orNull } from './read-if-there.ts';
import { runCommand } from './run-command.ts';
import type { ServerUser } from './server-user.ts';

export interface TemplateRequest {
  readonly home: string;
  readonly binary: ServerBinary;
  readonly script: string;
  readonly user: ServerUser | null;
}

/** An initialised data directory, made once per server binary and script, from which new computes are copied. */
export async function ensureTemplate(request: TemplateRequest, context: VerbContext): Promise<string> {
  const directory = join(templatesDirectory(request.home), templateKey(request));
  if ((await orNull(stat(directory))) !== null) return directory;

  context.onProgress(`initialising a data template for MariaDB ${request.binary.version}`);
  const building = `${directory}.building-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await build(request, building, context.signal);
    await publish(join(building, 'data'), directory);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  await sweep(request.home);
  return directory;
}

/** Whatever changes what the files look like, or who owns them. */
function templateKey({ binary, script, user }: TemplateRequest): string {
  const facts = [binary.path, binary.version, binary.modifiedAtMs, script, user?.uid ?? null];
  return `${binary.version}-${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)}`;
}

/** What an initialisation takes at its height, temporary files included, with something to spare: 10.11 takes 61 MB. */
const BUILD_BYTES = 96 * 1024 ** 2;

async function build({ binary, script, user }: TemplateRequest, building: string, signal: AbortSignal): Promise<void> {
  // Its own temporary directory: a server that starts deletes the temporary tables of others that share one.
  await mkdir(dirname(building), { recursive: true, mode: 0o711 });
  const [data, tmp] = [join(building, 'data'), join(building, 'tmp')];
  for (const directory of [building, data, tmp]) {
    await mkdir(directory, { mode: 0o700 });
    if (user !== null) await chown(directory, user.uid, user.gid);
  }
  // Looked at before: the server gives up long before the last block is gone, and cleans up after itself.
  const isShort = (await freeBytes(building)) < BUILD_BYTES;
  const env = { DATADIR: data, TMPDIR: tmp, SERVER: binary.path };
  const { exitCode, output } = await runCommand('/bin/sh', ['-c', script], { signal, user, env });
  if (exitCode === 0) return;
  const details = { exitCode, logTail: output.split('\n').slice(-20) };
  if (isShort) {
    const needed = `${BUILD_BYTES / 1024 ** 2} MiB`;
    throw new DozeError('DISK_FULL', `${dirname(building)} has no room for a data template, which takes ${needed}`, {
      details,
    });
  }
  throw new DozeError('SERVER_START_FAILED', `${binary.path} could not initialise a data directory`, {
    hint: 'doze doctor',
    details,
  });
}

/** Somebody else may have been quicker: theirs is as good. */
async function publish(built: string, directory: string): Promise<void> {
  try {
    await rename(built, directory);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** What builders left that were killed. */
async function sweep(home: string): Promise<void> {
  const templates = templatesDirectory(home);
  for (const name of await listIfThere(templates)) {
    const [, pid] = /\.building-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(templates, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
