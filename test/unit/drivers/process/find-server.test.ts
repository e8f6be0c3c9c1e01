import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findServer, parseServerVersion } from '../../../../src/lib/drivers/process/find-server.ts';

describe("a server's version", () => {
  it.each([
    ['mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)', '10.11.19', '10.11'],
    ['/usr/sbin/mysqld  Ver 10.6.16-MariaDB for Linux on x86_64 (Source distribution)', '10.6.16', '10.6'],
    ['/opt/homebrew/bin/mariadbd from 11.8.2-MariaDB, for osx10.20 on arm64 (Homebrew)', '11.8.2', '11.8'],
    ['/usr/sbin/mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)', undefined, undefined],
    ['', undefined, undefined],
  ])('is read from %j', (text, version, line) => {
    expect(parseServerVersion(text)).toEqual(version === undefined ? null : { version, line });
  });
});

describe('the search for a server', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doze-find-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const program = async (name: string, says: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
    await chmod(path, 0o755);
    return path;
  };
  const find = (names: readonly string[], serverPath: string | null = null) =>
    findServer({ serverPath, searchPath: `relative:${directory}`, names }, AbortSignal.timeout(10_000));

  it('takes the one on the search path', async () => {
    const path = await program('doze-test-server', 'x  Ver 11.4.2-MariaDB for Linux');
    expect(await find(['doze-test-server'])).toMatchObject({ path, version: '11.4.2', line: '11.4' });
  });

  it('passes by a MySQL server of the same name', async () => {
    await program('doze-test-server', 'x  Ver 8.4.0 for Linux on x86_64 (MySQL Community Server - GPL)');
    expect(await find(['doze-test-server'])).toBeNull();
  });

  it('looks nowhere else when a path is given', async () => {
    await program('doze-test-server', 'x  Ver 11.4.2-MariaDB for Linux');
    expect(await find(['doze-test-server'], join(directory, 'not-there'))).toBeNull();
  });
});
