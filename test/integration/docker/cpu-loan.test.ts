import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { findCgroup } from '../../../src/lib/drivers/docker/hibernation/find-cgroup.ts';
import { verbContext, type Subject } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

let opened: DockerBench | null = null;
afterEach(async () => opened?.[Symbol.asyncDispose]());

async function open(): Promise<DockerBench> {
  opened = await openDockerBench();
  return opened;
}

interface Limit {
  /** In microseconds of each 100,000. */
  read(): Promise<number>;
  write(us: number): Promise<void>;
}

async function limitOf({ home }: DockerBench, { id }: Subject): Promise<Limit> {
  const { CgroupVersion: said } = (await home.docker.info()) as { CgroupVersion?: string };
  const version = said === '2' ? 2 : 1;
  const directory = await findCgroup(await (await home.container(id)).inspect(), version, 'cpu');
  const file = join(directory ?? '', version === 2 ? 'cpu.max' : 'cpu.cfs_quota_us');
  return {
    read: async () => Number((await readFile(file, 'latin1')).trim().split(' ')[0]),
    write: (us) => writeFile(file, version === 2 ? `${String(us)} 100000` : String(us)),
  };
}

const QUARTER = 25_000;
const WHOLE = 100_000;

describe('CPU lent for a start', () => {
  it.each(['parked', 'stopped'] as const)(
    'is one whole CPU from %s until the server answers, and the size from then on',
    async (depth) => {
      const docker = await open();
      const { bench } = docker;
      const subject = await bench.launch(3);
      await bench.suspend(subject, depth);
      await bench.start(subject);
      const limit = await limitOf(docker, subject);
      expect(await limit.read()).toBe(WHOLE);
      bench.driver.noteReady(subject.id);
      await vi.waitUntil(async () => (await limit.read()) === QUARTER);
      expect(await bench.readValues(subject)).toEqual([3]);
    },
  );

  it('ends by itself for a server that is long in coming', async () => {
    const docker = await open();
    const subject = await docker.bench.launch();
    const limit = await limitOf(docker, subject);
    await vi.waitUntil(async () => (await limit.read()) === QUARTER, { timeout: 30_000, interval: 100 });
  });

  it('does not outlive the driver that lent it', async () => {
    const docker = await open();
    const subject = await docker.bench.launch();
    const limit = await limitOf(docker, subject);
    await docker.bench.restartAgent();
    expect(await limit.read()).toBe(QUARTER);
  });

  it('is taken back by the next agent when the one that lent it died', async () => {
    const docker = await open();
    const { bench } = docker;
    const subject = await bench.launch();
    const limit = await limitOf(docker, subject);
    await bench.restartAgent();
    await limit.write(WHOLE);
    await bench.driver.list(verbContext().signal);
    expect(await limit.read()).toBe(QUARTER);
  });

  it('is taken back before another size comes', async () => {
    const docker = await open();
    const { bench } = docker;
    const subject = await bench.launch();
    const limit = await limitOf(docker, subject);
    await bench.driver.resize(subject.id, 0.5, verbContext());
    bench.driver.noteReady(subject.id);
    expect(await limit.read()).toBe(2 * QUARTER);
    await bench.driver.close();
    expect(await limit.read()).toBe(2 * QUARTER);
  });
});
