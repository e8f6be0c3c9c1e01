import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Driver, Endpoint, InstanceChange, InstanceSpec } from '../../../src/lib/drivers/index.ts';
import { connect } from '../../../src/lib/sql/index.ts';
import { verbContext } from '../../contract/driver-harness.ts';
import { createDockerTestHome, type DockerTestHome } from '../../support/docker-home.ts';
import { buildStatelessImage } from '../../support/stateless-image.ts';

const PASSWORD = 'r00t-of-this-test';
const TIER = { PAGE_SERVER_URL: 'http://pages.example:8080', SAFEKEEPER_URL: 'http://keepers.example:8090' };

let home: DockerTestHome;
let driver: Driver;
let image: string;
let computeIds: string[] = [];
beforeAll(async () => {
  home = createDockerTestHome();
  driver = home.openDriver();
  image = await buildStatelessImage(home.docker);
});
afterEach(async () => {
  for (const id of computeIds) await driver.purge(id, verbContext());
  computeIds = [];
});
afterAll(async () => {
  await driver.close();
  await home[Symbol.asyncDispose]();
});

function newSpec(): InstanceSpec {
  const computeId = `c${randomBytes(5).toString('hex')}`;
  computeIds.push(computeId);
  const environment = {
    ...TIER,
    PROJECT_ID: 'default',
    COMPUTE_ID: computeId,
    MYSQL_ROOT_PASSWORD: PASSWORD,
    MYSQL_DATABASE: 'shop',
  };
  return {
    computeId,
    name: `keeps-nothing-${computeId}`,
    project: 'default',
    image,
    version: null,
    cu: 0.25,
    serverArguments: [],
    initSql: '',
    identity: null,
    stateless: { generation: 1, environment },
  };
}

function ofGeneration(spec: InstanceSpec, generation: number): InstanceSpec {
  return { ...spec, stateless: { environment: spec.stateless?.environment ?? {}, generation } };
}

/** Starts, and waits until root is let in. */
async function launch(spec: InstanceSpec): Promise<Endpoint> {
  const endpoint = await driver.start(spec, verbContext());
  const reach = { ...endpoint, user: 'root', password: PASSWORD };
  await home.engine.awaitReady(reach, verbContext().signal);
  return endpoint;
}

async function readTold(endpoint: Endpoint): Promise<Record<string, string>> {
  const account = { user: 'root', password: PASSWORD, database: 'shop' };
  await using connection = await connect({ ...endpoint, ...account }, { signal: verbContext().signal });
  const rows = await connection.queryRows('SELECT name, value FROM told');
  return Object.fromEntries(rows.map((row) => [String(row['name']), String(row['value'])]));
}

async function containersOf({ computeId }: InstanceSpec) {
  return home.docker.listContainers({ all: true, filters: { label: [`doze.compute=${computeId}`] } });
}

async function generationsOf(spec: InstanceSpec): Promise<(string | undefined)[]> {
  return (await containersOf(spec)).map(({ Labels }) => Labels['doze.generation']);
}

/** How many there were, each time it was looked, until the signal. */
async function countContainers(spec: InstanceSpec, signal: AbortSignal): Promise<number[]> {
  const counts: number[] = [];
  while (!signal.aborted) counts.push((await containersOf(spec)).length);
  return counts;
}

describe('a compute that keeps nothing', () => {
  it('starts with its environment, lets root in, and cannot write outside its scratch', async () => {
    const spec = newSpec();
    const context = verbContext();
    const request = { version: null, image, isStateless: true };
    expect(await driver.prepare(request, context)).toMatchObject({ image, version: image.split(':')[1] });
    await driver.create(spec, context);
    expect(await containersOf(spec)).toEqual([]);
    const endpoint = await launch(spec);
    expect(await readTold(endpoint)).toEqual({ ...TIER, PROJECT_ID: 'default', COMPUTE_ID: spec.computeId });
    expect(await driver.inspect(spec.computeId, context.signal)).toMatchObject({ state: 'running', endpoint });
    expect(await driver.storageBytes(spec.computeId, context.signal)).toBeNull();
    expect(await home.exec(spec.computeId, ['/bin/sh', '-c', 'id -un; touch /etc/mine'])).toMatch(
      /^mysql\s.*Read-only file system/s,
    );
  });

  it('is gone after a suspend, with all that it had, whichever the depth', async () => {
    const spec = newSpec();
    for (const [generation, depth] of (['parked', 'stopped', 'removed'] as const).entries()) {
      await launch(ofGeneration(spec, generation));
      expect(await driver.suspend(spec.computeId, depth, verbContext())).toMatchObject({ isClean: true });
      expect(await containersOf(spec)).toEqual([]);
      expect(await driver.inspect(spec.computeId, verbContext().signal)).toBeNull();
    }
    expect(await driver.listData(verbContext().signal)).toEqual([]);
    const labelled = { filters: { label: [`doze.compute=${spec.computeId}`] } };
    expect((await home.docker.listVolumes(labelled)).Volumes).toEqual([]);
  });

  it('has no volume, not even one that its image asks for', async () => {
    const spec = newSpec();
    await launch(spec);
    const { Mounts: mounts } = await (await home.container(spec.computeId)).inspect();
    expect(mounts.map(({ Name }) => Name).filter((name) => name !== undefined)).toEqual([]);
  });

  it('stays as it is when it is frozen, and is thawed by a start of the same generation', async () => {
    const spec = newSpec();
    await launch(spec);
    const before = (await home.container(spec.computeId)).id;
    expect(await driver.suspend(spec.computeId, 'frozen', verbContext())).toMatchObject({ isClean: true });
    expect(await driver.inspect(spec.computeId, verbContext().signal)).toMatchObject({ state: 'frozen' });
    expect(await readTold(await launch(spec))).toHaveProperty('COMPUTE_ID', spec.computeId);
    expect((await home.container(spec.computeId)).id).toBe(before);
  });

  it('is one container when it is started ten times at once, in a home without a network', async () => {
    const spec = newSpec();
    const starts = Array.from({ length: 10 }, () => driver.start(spec, verbContext()));
    expect(new Set((await Promise.all(starts)).map(({ host }) => host)).size).toBe(1);
    expect(await generationsOf(spec)).toEqual(['1']);
  });

  it('is never there twice while a new generation takes over, and nobody is told of an end', async () => {
    const spec = newSpec();
    await launch(spec);
    const changes: InstanceChange[] = [];
    const { promise: isWatching, resolve } = Promise.withResolvers<null>();
    using _watch = driver.watch((change) => (change.kind === 'resync' ? resolve(null) : changes.push(change)));
    await isWatching;
    const isOver = new AbortController();
    const looking = countContainers(spec, isOver.signal);
    const endpoint = await launch(ofGeneration(spec, 2));
    isOver.abort();
    const counts = await looking;
    expect(Math.max(...counts)).toBe(1);
    expect(await generationsOf(spec)).toEqual(['2']);
    expect(await readTold(endpoint)).toHaveProperty('COMPUTE_ID', spec.computeId);
    // Docker's events come in order: with that of the next end, all before it have come.
    await (await home.container(spec.computeId)).kill();
    await expect.poll(() => changes).toHaveLength(1);
    expect(changes).toMatchObject([{ computeId: spec.computeId, kind: 'ended' }]);
  });

  it.each([
    ['that was never started', false],
    ['that runs', true],
  ])('takes the place of an older generation %s, made by a late request', async (_, isToRun) => {
    const spec = newSpec();
    const name = `doze-${home.homeId}-${spec.name}-${spec.computeId}`;
    const late = await home.docker.createContainer({
      name,
      Image: image,
      Entrypoint: ['sleep', '1000'],
      Labels: {
        'doze.home': home.homeId,
        'doze.role': 'instance',
        'doze.compute': spec.computeId,
        'doze.stateless': 'true',
        'doze.generation': '6',
      },
    });
    if (isToRun) await late.start();
    await launch(ofGeneration(spec, 7));
    expect(await generationsOf(spec)).toEqual(['7']);
  });

  it('is made anew by a start of its generation after it ended by itself', async () => {
    const spec = newSpec();
    await launch(spec);
    const container = await home.container(spec.computeId);
    await container.kill();
    await container.wait();
    expect(await driver.inspect(spec.computeId, verbContext().signal)).toMatchObject({
      state: 'stopped',
      exit: { code: 137 },
    });
    expect(await readTold(await launch(spec))).toHaveProperty('COMPUTE_ID', spec.computeId);
    expect(await containersOf(spec)).toHaveLength(1);
  });

  it('is refused without an image of its own, and with one that is not there', async () => {
    const request = { version: null, isStateless: true };
    await expect(driver.prepare({ ...request, image: null }, verbContext())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      hint: expect.stringContaining('--image') as string,
    });
    await expect(driver.prepare({ ...request, image: 'doze-test/none:1' }, verbContext())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      hint: 'docker pull doze-test/none:1',
    });
  });
});
