import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { InstanceChange } from '../../../src/lib/drivers/index.ts';
import { verbContext, type Subject } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

let opened: DockerBench;
beforeAll(async () => (opened = await openDockerBench()));
afterEach(async () => opened.bench.clear());
afterAll(async () => opened[Symbol.asyncDispose]());

async function stateOf({ id }: Subject): Promise<string | undefined> {
  return (await opened.bench.driver.inspect(id, verbContext().signal))?.state;
}

describe('what somebody does to a container by hand', () => {
  it('when it is removing it, is reported, and a start brings it back with every row', async () => {
    const { bench, home } = opened;
    const subject = await bench.launch(3);
    const remove = async (): Promise<void> => (await home.container(subject.id)).remove({ force: true });
    await bench.nextChange(subject, remove, ({ kind }) => kind === 'removed');
    expect(await stateOf(subject)).toBeUndefined();
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([3]);
  });

  it('when it is pausing it, is reported, and a start thaws it', async () => {
    const { bench, home } = opened;
    const subject = await bench.launch(4);
    const pause = async (): Promise<void> => (await home.container(subject.id)).pause();
    await bench.nextChange(subject, pause, ({ kind }) => kind === 'changed');
    expect(await stateOf(subject)).toBe('frozen');
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([4]);
  });

  it('when it is restarting a parked one, which gets another address, is noticed by the next start', async () => {
    const { bench, home } = opened;
    const subject = await bench.launch(5);
    await bench.nextChange(
      subject,
      async () => {
        await bench.suspend(subject, 'parked');
        const container = await home.container(subject.id);
        await container.stop();
        // Takes the address that has become free.
        await bench.launch();
        await container.start();
      },
      ({ kind }) => kind === 'changed',
    );
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([5]);
  });

  it.each(['frozen', 'parked'] as const)('when it is removing a %s one, is mended by a start', async (depth) => {
    const { bench, home } = opened;
    const subject = await bench.launch(7);
    // As in an agent, which always watches: only then is anything remembered that could be wrong.
    const watched = Promise.withResolvers<unknown>();
    using _watch = bench.driver.watch(watched.resolve);
    await watched.promise;
    await bench.suspend(subject, depth);
    await (await home.container(subject.id)).remove({ force: true });
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([7]);
  });

  it('when it is stopping it with docker stop, ends the server cleanly', async () => {
    const { bench, home } = opened;
    const subject = await bench.launch();
    const stop = async (): Promise<void> => (await home.container(subject.id)).stop();
    const change = await bench.nextChange(subject, stop, ({ kind }) => kind === 'ended');
    expect(change.exit).toMatchObject({ code: 0, isOutOfMemory: false });
    expect(await bench.suspend(subject, 'stopped')).toMatchObject({ isClean: true });
  });

  it('when the network goes before a first start, is mended by it, and nobody takes that for an end', async () => {
    const { bench, home } = opened;
    const subject = await bench.newSubject();
    const told: string[] = [];
    const resynced = Promise.withResolvers<unknown>();
    const last = await bench.newSubject();
    const lastRemoved = Promise.withResolvers<unknown>();
    using _watch = bench.driver.watch(({ kind, computeId }) => {
      if (kind === 'resync') resynced.resolve(null);
      if (computeId === subject.id) told.push(kind);
      if (computeId === last.id && kind === 'removed') lastRemoved.resolve(null);
    });
    await resynced.promise;
    await bench.create(subject);
    const label = [`doze.home=${home.homeId}`];
    for (const { Id } of await home.docker.listNetworks({ filters: { label } }))
      await home.docker.getNetwork(Id).remove();
    await bench.start(subject);
    await (await home.container(subject.id)).remove({ force: true });
    // Events come in order: all that is told of the containers before this one has been told by then.
    await bench.create(last);
    await (await home.container(last.id)).remove({ force: true });
    await lastRemoved.promise;
    expect(told.filter((kind) => kind === 'removed')).toHaveLength(1);
  });

  it('when it is removing the network of a stopped compute, is mended by a start', async () => {
    const { bench, home } = opened;
    const subject = await bench.launch(6);
    await bench.suspend(subject, 'stopped');
    await home.docker.getNetwork(`doze-${home.homeId}`).remove();
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([6]);
  });

  it('when it is taking the name of a container, is told with the way out', async () => {
    const { bench, home } = opened;
    const subject = await bench.newSubject();
    const name = `doze-${home.homeId}-${subject.spec.name}-${subject.id}`;
    const squatter = await home.docker.createContainer({
      name,
      Image: subject.spec.image ?? '',
      Cmd: ['true'],
      Labels: { 'doze.home': home.homeId },
    });
    await expect(bench.driver.create(subject.spec, verbContext())).rejects.toMatchObject({
      code: 'DOCKER_FAILED',
      message: expect.stringContaining(subject.spec.name) as string,
      hint: `docker rename ${name} something-else`,
    });
    await squatter.remove();
    await bench.create(subject);
    expect(await stateOf(subject)).toBe('stopped');
  });

  it('is told from what doze does itself, which nobody is told of', async () => {
    const { bench, home } = opened;
    const subject = await bench.launch();
    const changes: InstanceChange[] = [];
    const told = Promise.withResolvers<null>();
    const connected = Promise.withResolvers<null>();
    using _watch = bench.driver.watch((change) => {
      if (change.kind === 'resync') connected.resolve(null);
      if (change.computeId !== subject.id) return;
      changes.push(change);
      told.resolve(null);
    });
    await connected.promise;
    await bench.suspend(subject, 'frozen');
    await bench.start(subject);
    await bench.suspend(subject, 'parked');
    await bench.suspend(subject, 'stopped');
    await bench.start(subject);
    await (await home.container(subject.id)).pause();
    await told.promise;
    expect(changes).toMatchObject([{ kind: 'changed' }]);
  });

  it('when it is taking the image away, is told with the way to get one', async () => {
    const { bench } = opened;
    const { spec } = await bench.newSubject();
    const gone = { ...spec, image: 'doze/mariadb:9.9' };
    await expect(bench.driver.create(gone, verbContext())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      message: expect.stringContaining('doze/mariadb:9.9') as string,
      hint: 'doze image build mariadb',
    });
  });
});
