import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

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

  it('is one of data with a link to a file elsewhere: two servers would write to it', async () => {
    const { id } = await home.json<{ id: string }>('compute', 'show', 'shop');
    const link = join(home.path, 'computes', id, 'data', 'far.ibd');
    symlinkSync('/elsewhere/far.ibd', link);
    const { code, stderr } = await home.run('compute', 'clone', 'shop', 'twin');
    expect(code).toBe(5);
    expect(stderr).toContain(`  | ${link}\n`);
    expect(await refusal('compute', 'snapshot', 'create', 'shop', 'two')).toMatchObject({ error: 'CLONE_UNSUPPORTED' });
    rmSync(link);
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
