import { setTimeout as sleep } from 'node:timers/promises';

import Dockerode from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { PoolView } from '../../src/lib/api/client/index.ts';
import { createTestHome, type TestHome } from '../support/cli.ts';

interface Started {
  readonly id: string;
  readonly url: string;
  readonly size: { readonly now: number };
}

/** A tag of this test's own, for an image that can come and go. */
const REPOSITORY = 'doze/pool-test';
const IMAGE = `${REPOSITORY}:10.11`;

describe('a warm pool, by commands, on Docker', () => {
  let home: TestHome;
  const docker = new Dockerode();

  beforeAll(async () => {
    home = createTestHome({ DOZE_DRIVER: 'docker' });
    const [built] = await docker.listImages({ filters: { label: ['doze.engine=mariadb'] } });
    await docker.getImage(built?.Id ?? '').tag({ repo: REPOSITORY, tag: '10.11' });
  });
  afterAll(async () => {
    for (const image of [[], ['--image', IMAGE]]) await home.run('pool', 'set', '0', ...image);
    await untilPools((pools) => pools.length === 0);
    await home[Symbol.asyncDispose]();
    await docker
      .getImage(IMAGE)
      .remove()
      .catch(() => null);
  });

  async function untilPools(isSo: (pools: readonly PoolView[]) => boolean): Promise<readonly PoolView[]> {
    for (;;) {
      const pools = await home.json<PoolView[]>('pool', 'show');
      if (isSo(pools)) return pools;
      await sleep(100);
    }
  }

  const isFull = (pools: readonly PoolView[]): boolean => pools.every(({ ready, size }) => ready === size);

  async function containers(): Promise<readonly string[]> {
    const { homeId } = await home.json<{ homeId: string }>('agent', 'status');
    const filters = { label: [`doze.home=${homeId}`, 'doze.role=instance'] };
    const listed = await docker.listContainers({ all: true, filters });
    return listed.map(({ Names: [name = ''] }) => name.replace(`/doze-${homeId}-`, '')).toSorted();
  }

  it('is empty until it is asked for, and fills behind the command', async () => {
    expect(await home.json('pool', 'show')).toEqual([]);
    expect(await home.json('pool', 'set', '2')).toMatchObject({ image: null, size: 2, problem: null });
    const [pool] = await untilPools(isFull);
    expect(pool).toMatchObject({ ready: 2, runs: { driver: 'docker' } });
    expect(await home.json('compute', 'list')).toEqual([]);
    expect(await containers()).toEqual([expect.stringMatching(/^spare-c/), expect.stringMatching(/^spare-c/)]);
    const checks = await home.json<{ name: string; status: string }[]>('doctor');
    expect(checks.find(({ name }) => name === 'pool')).toMatchObject({ status: 'ok' });
  });

  it('gives two starts at once a spare each, with passwords, sizes and names of their own', async () => {
    const before = await containers();
    const [one, two] = await Promise.all([
      home.json<Started>('compute', 'start', 'one'),
      home.json<Started>('compute', 'start', 'two', '--size', '0.25', '--user', 'me', '--database', 'mine'),
    ]);
    expect(before.toSorted()).toEqual([`spare-${one.id}`, `spare-${two.id}`].toSorted());
    expect(await containers()).toEqual(expect.arrayContaining([`one-${one.id}`, `two-${two.id}`]));
    expect(new URL(one.url).password).not.toBe(new URL(two.url).password);
    expect(two.size.now).toBe(0.25);
    const who = 'SELECT CURRENT_USER() AS who, DATABASE() AS what';
    expect(await home.json('compute', 'connect', 'one', '-e', who)).toMatchObject([{ who: 'app@%', what: 'one' }]);
    expect(await home.json('compute', 'connect', 'two', '-e', who)).toMatchObject([{ who: 'me@%', what: 'mine' }]);
    const users = 'SELECT DISTINCT user FROM mysql.global_priv ORDER BY user';
    const found = await home.json<{ user: string }[]>('compute', 'connect', 'two', '--as', 'root', '-e', users);
    expect(found.map(({ user }) => user)).not.toContain('app');
    await untilPools(isFull);
  });

  it('leaves a compute that it gave as any other: through every depth, destroyed, restored', async () => {
    await home.json('compute', 'connect', 'one', '-e', 'CREATE TABLE t (a INT) SELECT 7 AS a');
    for (const depth of ['parked', 'stopped', 'removed']) {
      await home.json('compute', 'suspend', 'one', '--depth', depth);
      expect(await home.json('compute', 'connect', 'one', '-e', 'SELECT a FROM t')).toMatchObject([{ a: 7 }]);
    }
    await home.json('compute', 'destroy', 'one', '--confirm', 'one');
    await home.json('compute', 'start', 'one', '--restore');
    expect(await home.json('compute', 'connect', 'one', '-e', 'SELECT a FROM t')).toMatchObject([{ a: 7 }]);
    const report = await home.json<{ computes: { compute: string }[] }>('usage', 'report');
    expect(report.computes.map(({ compute }) => compute).toSorted()).toEqual(['one', 'two']);
  });

  it('outlives its agent', async () => {
    const before = (await containers()).filter((name) => name.startsWith('spare'));
    await home.json('agent', 'stop');
    await home.json('agent', 'start');
    await untilPools(isFull);
    expect((await containers()).filter((name) => name.startsWith('spare'))).toEqual(before);
  });

  it('of an image says that this vanished and what to type, and is emptied all the same', async () => {
    await home.json('pool', 'set', '1', '--image', IMAGE);
    await untilPools(isFull);
    await docker.getImage(IMAGE).remove();
    const refused = await home.run('pool', 'set', '2', '--image', IMAGE, '--json');
    expect(refused.code).toBe(8);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'IMAGE_UNAVAILABLE', message: expect.stringContaining(IMAGE) as string },
    });
    await home.json('agent', 'stop');
    await home.json('agent', 'start');
    const pools = await untilPools((found) => found.some(({ problem }) => problem !== null));
    expect(pools.find(({ image }) => image === IMAGE)).toMatchObject({
      ready: 1,
      problem: { code: 'IMAGE_UNAVAILABLE', hint: 'doze image build mariadb' },
    });
    expect((await home.run('pool', 'show')).stdout).toContain(`image ${IMAGE} is not on this Docker engine`);
    await home.json('pool', 'set', '0', '--image', IMAGE);
    await untilPools((found) => found.every(({ image }) => image !== IMAGE));
  });

  it.each([
    [['pool', 'set', '-1'], 2],
    [['pool', 'set', 'many'], 2],
    [['pool', 'set', '101'], 2],
    [['pool', 'set', '1', '--image', 'doze/no-such:1'], 8],
  ])('refuses doze %j', async (args, code) => {
    const { code: found, stderr } = await home.run(...args);
    expect(found).toBe(code);
    expect(stderr).not.toBe('');
  });
});
