import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { announce } from './announce.ts';

const SYSTEM_DIRECTORY = '/usr/lib/mysql/plugin';
/** Kept between runs. */
const CACHE = join(tmpdir(), 'doze-test-plugins');
const PACKAGE = 'mariadb-server';

/**
 * A directory with the server's plugins, which Debian packs apart from the server itself. Without them there is
 * no authentication method but the built-in ones. The package is unpacked beside the system, not installed.
 */
export function ensureServerPlugin(name: string): string {
  if (existsSync(join(SYSTEM_DIRECTORY, `${name}.so`))) return SYSTEM_DIRECTORY;
  const directory = join(CACHE, SYSTEM_DIRECTORY);
  if (existsSync(join(directory, `${name}.so`))) return directory;
  announce(`downloading the package ${PACKAGE} for its plugin ${name}`);
  mkdirSync(CACHE, { recursive: true });
  run('apt-get', ['download', PACKAGE]);
  const archive = readdirSync(CACHE).find((file) => file.startsWith(PACKAGE) && file.endsWith('.deb'));
  if (archive === undefined) throw new Error(`apt-get download left no package in ${CACHE}`);
  run('dpkg-deb', ['--extract', archive, '.']);
  return directory;
}

function run(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: CACHE, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed; its output is above`);
}
