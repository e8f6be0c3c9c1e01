import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { createServerSource, type ServerSource } from '../../../../src/lib/drivers/process/server-source.ts';
import { createMariaDbEngine } from '../../../../src/lib/engines/index.ts';

const context = () => ({ signal: AbortSignal.timeout(20_000), onProgress: () => undefined });

describe('the source of servers', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'doze-source-'));
    await writeFile(join(home, 'mariadbd'), '#!/bin/sh\necho "mariadbd  Ver 10.11.19-MariaDB for Linux"\n');
    await chmod(join(home, 'mariadbd'), 0o755);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const source = (templateScript: string, serverBinary = join(home, 'mariadbd')): ServerSource =>
    createServerSource({
      engine: { ...createMariaDbEngine({ clock: createSystemClock() }), templateScript },
      home,
      serverBinary,
      searchPath: '/usr/bin:/bin',
      serverUser: 'mysql',
    });

  it('says which server it is, and where', async () => {
    const health = await source('').probe(context().signal);
    expect(health.isUsable).toBe(true);
    expect(health.summary).toContain(`MariaDB 10.11.19 at ${join(home, 'mariadbd')}`);
  });

  it('tells how to install a server when there is none', async () => {
    const missing = source('', join(home, 'nowhere'));
    const health = await missing.probe(context().signal);
    expect(health).toMatchObject({ isUsable: false, problem: { code: 'SERVER_BINARY_MISSING' } });
    expect(health.problem?.hint).toContain('install');
    await expect(missing.prepare({ version: null, image: null, isStateless: false }, context())).rejects.toMatchObject({
      code: 'SERVER_BINARY_MISSING',
      hint: health.problem?.hint,
    });
  });

  it('refuses a version that is not the one installed, and names that one', async () => {
    await expect(
      source('').prepare({ version: '11.8', image: null, isStateless: false }, context()),
    ).rejects.toMatchObject({
      code: 'ENGINE_VERSION_UNKNOWN',
      hint: expect.stringContaining('10.11') as string,
    });
  });

  it('makes the template once, however many ask at the same time', async () => {
    const one = source(`echo made >>"${home}/made"; : >"$DATADIR/file"`);
    const prepared = await Promise.all(
      [1, 2, 3].map(() => one.prepare({ version: '10.11', image: null, isStateless: false }, context())),
    );
    const [first] = prepared;
    expect(first).toMatchObject({ image: null, version: '10.11' });
    expect(prepared).toEqual([first, first, first]);
    expect(await readdir(await one.template(context()))).toEqual(['file']);
    expect(await readdir(join(home, 'templates'))).toHaveLength(1);
  });

  it('lets two agents make it at once, and leaves one', async () => {
    const script = ': >"$DATADIR/file"; sleep 0.2';
    const [one, other] = await Promise.all([source(script).template(context()), source(script).template(context())]);
    expect(one).toBe(other);
    expect(await readdir(one)).toEqual(['file']);
    expect(await readdir(join(home, 'templates'))).toHaveLength(1);
  });

  it('makes another one for another script', async () => {
    expect(await source(': 1').template(context())).not.toBe(await source(': 2').template(context()));
  });

  it('leaves nothing behind and shows what was said when the server cannot make it', async () => {
    await expect(source('echo no such luck >&2; exit 1').template(context())).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      details: { exitCode: 1, logTail: ['no such luck'] },
    });
    expect(await readdir(join(home, 'templates'))).toEqual([]);
  });
});
