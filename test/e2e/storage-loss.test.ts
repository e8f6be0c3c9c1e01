import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import Dockerode from 'dockerode';
import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { StorageView } from '../../src/lib/api/client/index.ts';
import { createTestHome } from '../support/cli.ts';
import { watchRunning } from '../support/running-containers.ts';
import { buildStatelessImage } from '../support/stateless-image.ts';
import {
  startPageServer,
  startSafekeepers,
  type PageServerStandIn,
  type SafekeeperGroup,
} from '../support/storage-tier/serverless-mariadb.ts';

const run = promisify(execFile);
const docker = new Dockerode();
const home = createTestHome();
let group: SafekeeperGroup;
let pageServer: PageServerStandIn;
let shop: { readonly id: string; readonly url: string };

beforeAll(async () => {
  [group, pageServer] = await Promise.all([startSafekeepers(3), startPageServer()]);
  const image = await buildStatelessImage(docker);
  const replicas = group.urls.flatMap((url) => ['--safekeeper', url]);
  await home.json('storage', 'add', 'sk', ...replicas, '--interval', '500ms');
  await home.json('storage', 'add', 'ps', '--page-server', pageServer.url, '--follows', 'sk', '--interval', '500ms');
  const onTier = ['--storage', 'pageserver', '--page-server', 'ps', '--safekeepers', 'sk', '--image', image];
  shop = await home.json('compute', 'start', 'shop', '--driver', 'docker', ...onTier, '--suspend-after', 'never');
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await group[Symbol.asyncDispose]();
  await pageServer[Symbol.asyncDispose]();
});
beforeEach(mendTier);

async function mendTier(): Promise<void> {
  await pageServer.comeBack();
  for (const index of [0, 1, 2]) await group.revive(index);
  await lookTwice();
}

async function loseTier(): Promise<void> {
  await pageServer.goDown();
  for (const index of [0, 1, 2]) await group.kill(index);
  await lookTwice();
}

/** A verdict changes with the second look in one direction. */
async function lookTwice(): Promise<void> {
  await home.run('storage', 'status', '--check');
  await home.run('storage', 'status', '--check');
}

/** Connects with the client's defaults, and counts the rows that every start of this image brings. */
async function countTold(): Promise<unknown> {
  const connection = await createConnection(shop.url);
  try {
    return await readTold(connection);
  } finally {
    await connection.end();
  }
}

async function readTold(connection: Connection): Promise<unknown> {
  const [rows] = await connection.query('SELECT COUNT(*) AS n FROM told');
  return rows;
}

function askByCommandLine(): Promise<unknown> {
  const { hostname, port, username, password, pathname } = new URL(shop.url);
  const args = ['--no-defaults', '-h', hostname, '-P', port, '-u', username, pathname.slice(1), '-e', 'SELECT 1'];
  return run('mariadb', args, { env: { ...process.env, MYSQL_PWD: password } });
}

async function containers(): Promise<Dockerode.ContainerInfo[]> {
  return docker.listContainers({ all: true, filters: { label: [`doze.compute=${shop.id}`] } });
}

/** Of the compute's container, from now on; `then` is done before the server in it can be ready. */
async function atContainer(event: 'create' | 'start', then: (id: string) => Promise<void>): Promise<void> {
  const filters = JSON.stringify({ type: ['container'], label: [`doze.compute=${shop.id}`], event: [event] });
  const events = (await docker.getEvents({ filters })) as unknown as Readable;
  void once(events, 'data').then(async ([line]: unknown[]) => {
    const { id } = JSON.parse(String(line)) as { id: string };
    await then(id);
    events.destroy();
  });
}

async function homeId(): Promise<string> {
  const [container] = await containers();
  return container?.Labels['doze.home'] ?? '';
}

describe('a client of a suspended compute whose storage tier cannot serve it', () => {
  it('is told to try again, of which endpoint and why, and the compute stays suspended', async () => {
    await home.json('compute', 'suspend', 'shop');
    await loseTier();
    const [byLibrary, byCommandLine] = await Promise.allSettled([countTold(), askByCommandLine()]);
    const why = `the Page Server "ps" cannot serve it: ${pageServer.url} does not answer: nothing listens there`;
    expect(byLibrary).toMatchObject({ status: 'rejected', reason: { errno: 1205, message: why } });
    expect(byCommandLine).toMatchObject({
      status: 'rejected',
      reason: { stderr: expect.stringContaining(`ERROR 1205 (HY000): ${why}`) as string },
    });
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({ state: 'suspended', failure: null });
    expect(await containers()).toEqual([]);
  });

  it('is told which replica to look at when the group has no quorum', async () => {
    await home.json('compute', 'suspend', 'shop');
    await group.kill(0);
    await group.kill(1);
    await lookTwice();
    await expect(countTold()).rejects.toMatchObject({
      errno: 1205,
      message:
        'the Safekeepers "sk" cannot serve it: no quorum: 1 of 3 replicas answer, and 2 must; ' +
        `${group.urls[0] ?? ''} does not answer: nothing listens there`,
    });
  });

  it('is held while the tier comes back, and then served', async () => {
    await home.json('compute', 'suspend', 'shop');
    await loseTier();
    let isOver = false;
    const served = countTold().finally(() => (isOver = true));
    // Several looks of the gate.
    await sleep(1_500);
    expect(isOver).toBe(false);
    await pageServer.comeBack();
    for (const index of [0, 1, 2]) await group.revive(index);
    expect(await served).toEqual([{ n: 4 }]);
  });
});

describe('the loss of the leader of the Safekeepers during a wake', () => {
  it('does not keep the compute from waking, once', async () => {
    await home.json('compute', 'resume', 'shop');
    using running = await watchRunning(docker, await homeId());
    await home.json('compute', 'suspend', 'shop');
    await atContainer('create', () => group.kill(0));
    expect(await countTold()).toEqual([{ n: 4 }]);
    expect(await home.json('compute', 'show', 'shop')).toMatchObject({ state: 'active' });
    expect((await containers()).map(({ State }) => State)).toEqual(['running']);
    expect({ most: running.most, starts: running.starts }).toEqual({ most: 1, starts: 1 });
    await lookTwice();
    const services = JSON.parse((await home.run('storage', 'status', '--json')).stdout) as StorageView[];
    expect(services.find(({ name }) => name === 'sk')).toMatchObject({
      verdict: 'degraded',
      group: { leader: group.urls[1], term: group.replicas[1]?.term },
    });
  });

  it('is an error that can be repeated, if the server ends of it, and the next client is served', async () => {
    await home.json('compute', 'resume', 'shop');
    using running = await watchRunning(docker, await homeId());
    await home.json('compute', 'suspend', 'shop');
    await atContainer('start', async (id) => {
      await group.kill(0);
      await docker.getContainer(id).kill();
    });
    await expect(countTold()).rejects.toMatchObject({ errno: 1053 });
    await expect.poll(() => countTold().catch(() => null), { timeout: 20_000 }).toEqual([{ n: 4 }]);
    expect((await containers()).map(({ State }) => State)).toEqual(['running']);
    expect(running.most).toBe(1);
  });
});

describe('a compute that runs while its whole storage tier is lost', () => {
  it('goes on, can be suspended, and is not woken again before the tier is back', async () => {
    await home.json('compute', 'resume', 'shop');
    const connection = await createConnection(shop.url);
    await loseTier();
    const status = await home.run('storage', 'status', '--json');
    expect(status.code).toBe(8);
    const services = JSON.parse(status.stdout) as StorageView[];
    expect(services.map(({ verdict }) => verdict)).toEqual(['unavailable', 'unavailable']);
    expect(await readTold(connection)).toEqual([{ n: 4 }]);
    expect(await countTold()).toEqual([{ n: 4 }]);
    await connection.end();

    expect(await home.json('compute', 'suspend', 'shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
    expect(await containers()).toEqual([]);
    const refused = await home.run('compute', 'resume', 'shop');
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain(`the Page Server "ps" cannot serve it: ${pageServer.url} does not answer`);
    await mendTier();
    expect(await countTold()).toEqual([{ n: 4 }]);
  });
});
