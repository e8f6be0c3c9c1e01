import { chmodSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const home = createTestHome();

beforeAll(async () => {
  await home.json('compute', 'start', 'shop', '--driver', 'process', '--suspend-after', 'never');
  await home.json('compute', 'snapshot', 'create', 'shop', 'one');
});
afterAll(() => home[Symbol.asyncDispose]());

async function refusal(...args: string[]): Promise<{ code: number | null; error: string; hint: string | null }> {
  const { code, stdout } = await home.run(...args, '--json');
  const { error } = JSON.parse(stdout) as { error: { code: string; hint: string | null } };
  return { code, error: error.code, hint: error.hint };
}

describe('a copy that cannot be', () => {
  it.each([
    [['compute', 'clone', 'nobody', 'twin'], 3, 'COMPUTE_NOT_FOUND'],
    [['compute', 'clone', 'shop', 'shop'], 5, 'NAME_IN_USE'],
    [['compute', 'clone', 'shop', 'Twin'], 2, 'NAME_INVALID'],
    [['compute', 'clone', 'shop'], 2, 'USAGE'],
    [['compute', 'clone', 'shop', 'twin', '--at', 'none'], 3, 'SNAPSHOT_NOT_FOUND'],
    [['compute', 'snapshot', 'create', 'shop', 'one'], 5, 'NAME_IN_USE'],
    [['compute', 'snapshot', 'restore', 'shop', 'none', '--confirm', 'shop'], 3, 'SNAPSHOT_NOT_FOUND'],
    [['compute', 'snapshot', 'restore', 'shop', 'one'], 2, 'CONFIRMATION_NEEDED'],
    [['compute', 'snapshot', 'restore', 'shop', 'one', '--confirm', 'one'], 2, 'CONFIRMATION_NEEDED'],
    [['compute', 'snapshot', 'delete', 'shop', 'one'], 2, 'CONFIRMATION_NEEDED'],
    [['compute', 'snapshot', 'delete', 'shop', 'none', '--confirm', 'none'], 3, 'SNAPSHOT_NOT_FOUND'],
    [['compute', 'snapshot', 'list', 'nobody'], 3, 'COMPUTE_NOT_FOUND'],
  ] as const)('%j ends with exit code %i and %s', async (args, code, error) => {
    const refused = await refusal(...args);
    expect(refused).toMatchObject({ code, error });
    expect(refused.hint).toMatch(/\w/);
  });

  it('is one of a table that lies elsewhere: two servers would write to one file', async () => {
    using elsewhere = createTemporaryDirectory();
    chmodSync(elsewhere.path, 0o777);
    const asRoot = (sql: string) => home.json('compute', 'connect', 'shop', '--as', 'root', '-e', sql);
    await asRoot(`CREATE TABLE far (a INT) ENGINE=InnoDB DATA DIRECTORY='${elsewhere.path}'`);
    const expected = { code: 5, error: 'CLONE_UNSUPPORTED' };
    expect(await refusal('compute', 'clone', 'shop', 'twin')).toMatchObject(expected);
    expect(await refusal('compute', 'snapshot', 'create', 'shop', 'two')).toMatchObject(expected);
    await asRoot('DROP TABLE far');
  });

  it('leaves everything as it was', async () => {
    expect(await home.json('compute', 'list')).toMatchObject([{ name: 'shop', state: 'active' }]);
    expect(await home.json('compute', 'snapshot', 'list', 'shop')).toMatchObject([{ name: 'one' }]);
  });

  it('says with a purge that the snapshots go too', async () => {
    const asked = await home.run('compute', 'destroy', 'shop', '--purge');
    expect(asked.code).toBe(2);
    const purged = await home.run('compute', 'destroy', 'shop', '--purge', '--confirm', 'shop');
    expect(purged.stderr).toContain('deleting its snapshot with it');
    expect(purged.code).toBe(0);
  });
});
