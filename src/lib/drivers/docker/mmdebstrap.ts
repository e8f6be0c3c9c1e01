import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { DozeError } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import type { SuiteChoice } from './debian-sources.ts';

/** The unprivileged user of the image: ids as in Debian's and the vendor's images. */
const MYSQL_ID = 999;

const ADD_USER = [
  `grep -q ^mysql: "$1/etc/passwd" || {`,
  `echo 'mysql:x:${MYSQL_ID}:' >>"$1/etc/group";`,
  `echo 'mysql:x:${MYSQL_ID}:${MYSQL_ID}:MariaDB server:/var/lib/mysql:/bin/false' >>"$1/etc/passwd"; };`,
  `for d in var/lib/mysql run/mysqld; do mkdir -p "$1/$d"; chown ${MYSQL_ID}:${MYSQL_ID} "$1/$d"; done`,
].join(' ');

/** Fails the build when the sources had another version line than the image's label will say. */
function checkVersion(version: string): string {
  const found = `$(chroot "$1" dpkg-query -W -f '\${Version}' mariadb-server-core)`;
  return `v="${found}"; case "$v" in *:${version}.*) ;; *) echo "E: the sources have $v, not ${version}" >&2; exit 1;; esac`;
}

/**
 * Makes a root file system with nothing but the server and its client, and hands its tar to `consume` as it is
 * written. The tar begins only after everything was installed, so `consume` is not called for a failed build.
 * @throws IMAGE_BUILD_FAILED
 */
export async function bootstrap<Result>(
  { suite, version }: SuiteChoice,
  sources: string | null,
  consume: (tar: Readable) => Promise<Result>,
  { signal, onProgress }: VerbContext,
): Promise<Result> {
  const { execa } = await import('execa');
  const run = execa('mmdebstrap', argumentsFor(suite, version, sources), {
    ...(sources === null ? { stdin: 'ignore' } : { input: sources }),
    buffer: { stdout: false, stderr: true },
    cancelSignal: signal,
    reject: false,
  });
  void reportProgress(run.iterable({ from: 'stderr' }), onProgress);
  await Promise.race([once(run.stdout, 'readable').catch(() => null), run]);
  const consumed = run.stdout.readableLength > 0 ? await consume(run.stdout) : null;
  const result = await run;
  signal.throwIfAborted();
  if (result.exitCode === 0 && consumed !== null) return consumed;
  throw buildFailure(result.code, result.stderr);
}

function argumentsFor(suite: string, version: string, sources: string | null): string[] {
  return [
    '--variant=essential',
    '--include=mariadb-server-core,mariadb-client-core',
    '--aptopt=APT::Install-Recommends "false"',
    ...['doc', 'man', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    `--customize-hook=${checkVersion(version)}`,
    `--customize-hook=${ADD_USER}`,
    '--format=tar',
    suite,
    '-',
    ...(sources === null ? [] : ['-']),
  ];
}

async function reportProgress(lines: AsyncIterable<string>, onProgress: (message: string) => void): Promise<void> {
  try {
    for await (const line of lines) {
      const step = /^I: ((?:running apt-get|downloading|extracting|installing|creating)\b.*)$/.exec(line)?.[1];
      if (step !== undefined) onProgress(step);
    }
  } catch {
    // The program failed; whoever waits for its end reports that.
  }
}

function buildFailure(code: string | undefined, stderr: string): DozeError {
  if (code === 'ENOENT') {
    return new DozeError('IMAGE_BUILD_FAILED', 'building an image needs mmdebstrap, which is not installed', {
      hint: 'apt-get install mmdebstrap',
    });
  }
  const errors = stderr
    .split('\n')
    .filter((line) => line.startsWith('E: '))
    .map((line) => line.slice(3));
  return new DozeError(
    'IMAGE_BUILD_FAILED',
    `mmdebstrap failed: ${errors.slice(0, 3).join('; ') || 'no reason given'}`,
    {
      hint: 'check that apt-get update works on this machine',
      details: { log: stderr.split('\n').slice(-20) },
    },
  );
}
