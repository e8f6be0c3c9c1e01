import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createDockerDriver } from '../../../src/lib/drivers/index.ts';
import { verbContext, type Subject } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

const HIBERNATED = { isClean: true, depth: 'hibernated', shortfall: null };
const AGENT = fileURLToPath(new URL('../../fixtures/hibernating-agent.ts', import.meta.url));
const MIB = 1024 ** 2;

let opened: DockerBench | null = null;
afterEach(async () => opened?.[Symbol.asyncDispose]());

/** An agent that takes its engine for one on another kernel has Docker's API alone. */
async function open(platform: NodeJS.Platform): Promise<DockerBench> {
  opened = await openDockerBench(({ engine, homeId }) =>
    createDockerDriver(
      { engine, clock: createSystemClock() },
      { homeId, environment: process.env, pull: false, platform, slowestSwapBytesPerSecond: 0 },
    ),
  );
  return opened;
}

/** All that Docker counts as the container's. */
async function residentBytes({ home }: DockerBench, { id }: Subject): Promise<number> {
  const stats = await (await home.container(id)).stats({ stream: false });
  return stats.memory_stats.usage;
}

async function limitsOf({ home }: DockerBench, { id }: Subject): Promise<{ memory: number; together: number }> {
  const { HostConfig: limits } = await (await home.container(id)).inspect();
  return { memory: limits.Memory ?? 0, together: limits.MemorySwap ?? 0 };
}

describe("hibernation by the kernel's own files", () => {
  it('takes nearly all of the memory, and gives back what was asked of the server', async () => {
    const docker = await open('linux');
    const { bench } = docker;
    expect(await bench.driver.probe(verbContext().signal)).toMatchObject({ hibernation: { isPossible: true } });
    expect(bench.driver.capabilities.depths).toContain('hibernated');
    await expectSessionToSurvive(docker);
  });

  it('finds a server whose clocks may jump by months', async () => {
    const { bench } = await open('linux');
    const subject = await bench.launch();
    await using session = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
    const names = ['wait_timeout', 'interactive_timeout', 'innodb_fatal_semaphore_wait_threshold'];
    const [row] = await session.queryRows(`SELECT ${names.map((name) => `@@GLOBAL.${name} AS ${name}`).join(', ')}`);
    for (const name of names) expect(Number(row?.[name])).toBe(31_536_000);
  });

  it('is a crash when the host goes down meanwhile, after which every committed row is there', async () => {
    const { bench, home } = await open('linux');
    const subject = await bench.launch(7);
    await using connection = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
    await connection.queryRows('BEGIN');
    await connection.queryRows('INSERT INTO kept VALUES (8)');
    expect(await bench.suspend(subject, 'hibernated')).toEqual(HIBERNATED);
    const container = await home.container(subject.id);
    const ended = container.wait();
    await container.kill();
    await ended;
    expect(await bench.driver.inspect(subject.id, verbContext().signal)).toMatchObject({
      state: 'stopped',
      exit: { code: 137, isOutOfMemory: false },
    });
    await bench.start(subject);
    expect(await bench.readValues(subject)).toEqual([7]);
  });
});

describe("hibernation through Docker's API alone", () => {
  it('takes nearly all of the memory where Docker has cgroup v1, and says why not with v2', async () => {
    const docker = await open('darwin');
    const { hibernation } = await docker.bench.driver.probe(verbContext().signal);
    if ((await isOnV1(docker)) && hibernation?.isPossible === true) await expectSessionToSurvive(docker);
    else expect(hibernation).toMatchObject({ isPossible: false, hint: expect.any(String) as string });
  });

  it('does no harm when the agent dies while the limit is lowered', async () => {
    const docker = await open('linux');
    const { bench } = docker;
    const subject = await bench.launch(9);
    const before = await limitsOf(docker, subject);
    await dieWhileLowered(docker, subject);
    await bench.restartAgent();
    await bench.start(subject);
    expect(await limitsOf(docker, subject)).toEqual(before);
    expect(await bench.readValues(subject)).toEqual([9]);
  });

  it('is put right at the next look when somebody has thawed it by hand', async () => {
    const docker = await open('linux');
    const { bench, home } = docker;
    const subject = await bench.launch(10);
    const before = await limitsOf(docker, subject);
    await dieWhileLowered(docker, subject);
    await bench.restartAgent();
    await (await home.container(subject.id)).unpause();
    expect(await bench.driver.list(verbContext().signal)).toMatchObject([{ state: 'running' }]);
    expect(await limitsOf(docker, subject)).toEqual(before);
  });
});

async function expectSessionToSurvive(docker: DockerBench): Promise<void> {
  const { bench } = docker;
  const subject = await bench.launch(1);
  await using session = await bench.connectAs(subject, 'owner', subject.credentials.userPassword);
  await session.queryRows('CREATE TEMPORARY TABLE scratch AS SELECT 42 AS answer');
  await session.queryRows("SET @mine = 'kept', SESSION sort_buffer_size = 131072");
  await session.queryRows("SELECT GET_LOCK('door', 0)");
  await session.queryRows('BEGIN');
  await session.queryRows('INSERT INTO kept VALUES (2)');
  const before = await residentBytes(docker, subject);
  const limits = await limitsOf(docker, subject);

  expect(await bench.suspend(subject, 'hibernated')).toEqual(HIBERNATED);
  expect(await limitsOf(docker, subject)).toEqual(limits);
  const after = await residentBytes(docker, subject);
  expect(before).toBeGreaterThan(60 * MIB);
  expect(after).toBeLessThan(before / 4);

  await bench.start(subject);
  expect(await session.queryRows('SELECT answer, @mine AS mine, @@sort_buffer_size AS size FROM scratch')).toEqual([
    { answer: 42, mine: 'kept', size: 131072 },
  ]);
  expect(await session.queryRows("SELECT IS_USED_LOCK('door') = CONNECTION_ID() AS isMine")).toEqual([{ isMine: 1 }]);
  expect(await bench.readValues(subject)).toEqual([1]);
  await session.queryRows('COMMIT');
  expect(await bench.readValues(subject)).toEqual([1, 2]);
}

/**
 * Kills an agent in the moment; one that was through before it could be is followed by another. With cgroup v2 there is
 * no such moment: no limit is ever lowered.
 */
async function dieWhileLowered(docker: DockerBench, subject: Subject): Promise<void> {
  const { home, bench } = docker;
  const container = await home.container(subject.id);
  for (;;) {
    const agent = spawn(process.execPath, [AGENT, home.homeId, subject.id], { stdio: 'inherit' });
    const ended = once(agent, 'exit');
    while (agent.exitCode === null && agent.signalCode === null) {
      const { HostConfig: limits } = await container.inspect();
      if ((limits.Memory ?? 0) <= 64 * MIB) agent.kill('SIGKILL');
    }
    await ended;
    const { HostConfig: limits, State: state } = await container.inspect();
    if (agent.signalCode === 'SIGKILL' && (limits.Memory ?? 0) <= 64 * MIB) {
      expect(state.Paused).toBe(true);
      return;
    }
    if (!(await isOnV1(docker))) return;
    await bench.start(subject);
  }
}

async function isOnV1({ home }: DockerBench): Promise<boolean> {
  const { CgroupVersion: version } = (await home.docker.info()) as { CgroupVersion?: string };
  return version !== '2';
}
