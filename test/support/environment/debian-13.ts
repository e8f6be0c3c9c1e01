import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chooseSuite, sourcesFor } from '../../../src/lib/drivers/docker/debian-sources.ts';
import { readHostSystem } from '../../../src/lib/drivers/docker/host-system.ts';
import { announce } from './announce.ts';
import { installMissing } from './packages.ts';

/** MariaDB 11.8 as Debian 13 has it, unpacked beside the system, with what it stands on. Programs run as any others do. */
export interface Debian13 {
  readonly server: string;
  /** The command line client. */
  readonly client: string;
}

/** Kept between runs. */
const ROOT = join(tmpdir(), 'doze-test-debian-13');
const VERSION = '11.8';
const PACKAGES = ['mariadb-server', 'mariadb-server-core', 'mariadb-client', 'mariadb-client-core'];

/** From the machine's own sources of Debian packages, with the suite changed. */
export async function ensureDebian13(): Promise<Debian13> {
  const programs = { server: join(ROOT, 'doze-mariadbd'), client: join(ROOT, 'doze-mariadb') };
  if (existsSync(programs.client)) return programs;
  installMissing([{ program: 'mmdebstrap', debianPackage: 'mmdebstrap', description: 'maker of Debian systems' }]);
  const suite = chooseSuite(VERSION, { osRelease: '', aptSources: [] })?.suite ?? '';
  announce(`unpacking MariaDB ${VERSION} of Debian ${suite} into ${ROOT}`);
  rmSync(ROOT, { recursive: true, force: true });
  const fresh = `${ROOT}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  const sources = sourcesFor(suite, await readHostSystem());
  const made = spawnSync(
    'mmdebstrap',
    [
      '--variant=extract',
      `--include=${PACKAGES.join(',')}`,
      '--aptopt=APT::Install-Recommends "false"',
      '--format=directory',
      suite,
      fresh,
      ...(sources === null ? [] : ['-']),
    ],
    {
      ...(sources === null ? {} : { input: sources }),
      stdio: [sources === null ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    },
  );
  if (made.status !== 0) throw new Error(`mmdebstrap ${suite} failed:\n${made.stderr.toString().slice(-2_000)}`);
  const share = `${ROOT}/usr/share/mariadb`;
  const serverPaths = [
    `--basedir=${ROOT}/usr`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${share}/charsets`,
    `--plugin-dir=${ROOT}/usr/lib/mysql/plugin`,
  ];
  writeProgram(join(fresh, 'doze-mariadbd'), `/usr/sbin/mariadbd "$@" ${serverPaths.join(' ')}`);
  const clientPaths = `--plugin-dir=${libraries(ROOT)}/libmariadb3/plugin --character-sets-dir=${share}/charsets`;
  writeProgram(join(fresh, 'doze-mariadb'), `/usr/bin/mariadb "$@" ${clientPaths}`);
  renameSync(fresh, ROOT);
  return programs;
}

/** With its own C library, which is newer than this system's. */
function writeProgram(file: string, command: string): void {
  const loader = `${ROOT}/usr/lib64/ld-linux-x86-64.so.2`;
  writeFileSync(file, `#!/bin/sh\nexec ${loader} --library-path ${libraries(ROOT)} ${ROOT}${command}\n`, {
    mode: 0o755,
  });
}

function libraries(root: string): string {
  return `${root}/usr/lib/x86_64-linux-gnu`;
}
