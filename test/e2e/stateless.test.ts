import Dockerode from 'dockerode';
import { describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';
import { buildStatelessImage } from '../support/stateless-image.ts';
import { startPageServer, startSafekeepers } from '../support/storage-tier/serverless-mariadb.ts';

describe('a compute on a storage tier', () => {
  it('is told where the tier is, keeps nothing, and starts only onto what can serve it', async () => {
    await using home = createTestHome();
    await using group = await startSafekeepers(3);
    await using pageServer = await startPageServer();
    const image = await buildStatelessImage(new Dockerode());
    const replicas = group.urls.flatMap((url) => ['--safekeeper', url]);
    await home.json('storage', 'add', 'sk-main', ...replicas, '--interval', '500ms');
    await home.json('storage', 'add', 'ps-main', '--page-server', pageServer.url, '--follows', 'sk-main');
    const start = ['compute', 'start', 'shop', '--driver', 'docker', '--image', image, '--storage', 'pageserver'];

    const unnamed = await home.run(...start, '--page-server', 'ps-main');
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain('--storage pageserver needs --page-server NAME and --safekeepers NAME');
    const unknown = await home.run(...start, '--page-server', 'ps-main', '--safekeepers', 'ps-main');
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('no group of Safekeepers "ps-main" is registered');

    const started = await home.json(...start, '--page-server', 'ps-main', '--safekeepers', 'sk-main');
    expect(started).toMatchObject({
      state: 'active',
      suspendDepth: 'removed',
      storage: { pageServer: 'ps-main', safekeepers: 'sk-main' },
    });
    const told = await home.run('compute', 'connect', 'shop', '-e', 'SELECT value FROM told ORDER BY name', '--json');
    expect(told.stdout).toContain(pageServer.url);
    expect(told.stdout).toContain(group.urls[0]);
    expect((await home.run('compute', 'show', 'shop')).stdout).toContain('Page Server ps-main, Safekeepers sk-main');
    const inUse = await home.run('storage', 'remove', 'ps-main');
    expect({ code: inUse.code, said: inUse.stderr }).toMatchObject({
      code: 5,
      said: expect.stringContaining('compute "shop" has its data on "ps-main"') as string,
    });

    expect(await home.json('compute', 'suspend', 'shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
    await group.kill(0);
    await group.kill(1);
    // A verdict that is fresh is believed; this one is asked for anew.
    await home.run('storage', 'status', '--check');
    const refused = await home.run('compute', 'resume', 'shop');
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('the Safekeepers "sk-main" cannot serve it: no quorum: 1 of 3 replicas answer');
    expect(refused.stderr).toContain('Next: doze storage status sk-main');
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({ state: 'suspended', failure: null });

    await group.revive(0);
    expect(await home.json('compute', 'resume', 'shop')).toMatchObject({ state: 'active' });
  });
});
