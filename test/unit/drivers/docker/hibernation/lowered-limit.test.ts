import type { ContainerInspectInfo } from 'dockerode';
import { describe, expect, it } from 'vitest';

import type { DockerApi } from '../../../../../src/lib/drivers/docker/docker-api.ts';
import { createDockerHome, type DockerHome } from '../../../../../src/lib/drivers/docker/home.ts';
import { isLowered, liftedLimit } from '../../../../../src/lib/drivers/docker/hibernation/lifted-limit.ts';
import { createLowerLimit } from '../../../../../src/lib/drivers/docker/hibernation/lower-limit.ts';
import { putLimitsRight } from '../../../../../src/lib/drivers/docker/hibernation/put-right.ts';
import { createMariaDbEngine } from '../../../../../src/lib/engines/index.ts';
import { createSilentLogger } from '../../../../../src/lib/logger.ts';
import { createSimulatedClock } from '../../../../support/simulated-clock.ts';

const MIB = 1024 ** 2;
const FULL = 1024 * MIB;
const SIGNAL = new AbortController().signal;

function container(memory: number, together = FULL): ContainerInspectInfo {
  return {
    Id: 'c1',
    State: { Status: 'paused' },
    HostConfig: { Memory: memory, MemorySwap: together },
  } as ContainerInspectInfo;
}

/** A Docker that takes limits down to what cannot be moved, and remembers all that it was asked for. */
function createDocker(stuckMib: number): { home: DockerHome; limits: number[] } {
  const limits: number[] = [];
  const docker = {
    getContainer: () => ({
      update({ Memory: bytes }: { Memory: number }) {
        limits.push(bytes / MIB);
        return bytes < stuckMib * MIB
          ? Promise.reject(Object.assign(new TypeError('busy'), { statusCode: 500 }))
          : Promise.resolve();
      },
      stats: () => Promise.resolve({ memory_stats: { usage: 300 * MIB, stats: { rss: 200 * MIB, cache: 100 * MIB } } }),
    }),
  };
  const run = (request: (client: unknown) => Promise<unknown>) => request(docker);
  const api = {
    run: (_doing: string, _signal: AbortSignal, request: never) => run(request),
    runUnless: async (_statuses: number[], _doing: string, _signal: AbortSignal, request: never) =>
      run(request).catch(() => null),
  } as unknown as DockerApi;
  const clock = createSimulatedClock();
  const deps = { api, engine: createMariaDbEngine({ clock }), clock, logger: createSilentLogger() };
  return { home: createDockerHome(deps, { homeId: 'h1', pull: false, platform: 'linux' }), limits };
}

describe("a memory limit lowered through Docker's API", () => {
  it('goes down step by step, and up again', async () => {
    const { home, limits } = createDocker(5);
    const way = createLowerLimit(home, container(FULL), SIGNAL);
    const after = await way.reclaim(await way.readMemory(), SIGNAL);
    expect(limits).toEqual([64, 32, 16, 8, 6, 1024]);
    expect(after).toEqual({ residentBytes: 6 * MIB, anonymousBytes: 6 * MIB, swappedBytes: 194 * MIB });
  });

  it('stops where the kernel refuses, which is an answer, and goes up again', async () => {
    const { home, limits } = createDocker(20);
    const way = createLowerLimit(home, container(FULL), SIGNAL);
    const after = await way.reclaim(await way.readMemory(), SIGNAL);
    expect(limits).toEqual([64, 32, 16, 16, 1024]);
    expect(after.residentBytes).toBe(32 * MIB);
  });

  it('goes up again when it is cut short', async () => {
    const { home, limits } = createDocker(5);
    const way = createLowerLimit(home, container(FULL), SIGNAL);
    const before = await way.readMemory();
    await expect(way.reclaim(before, AbortSignal.abort(new TypeError('enough')))).rejects.toThrow('enough');
    expect(limits).toEqual([1024]);
  });

  it('is lifted before a thaw when a dead agent left it lowered', async () => {
    const { home, limits } = createDocker(5);
    await putLimitsRight(home, container(6 * MIB));
    expect(limits).toEqual([1024]);
  });

  it('costs a thaw nothing when it is in place', async () => {
    const { home, limits } = createDocker(5);
    await putLimitsRight(home, container(FULL));
    home.hibernation.asleep.add('c1');
    await putLimitsRight(home, container(FULL));
    expect(limits).toEqual([]);
    expect(home.hibernation.asleep.has('c1')).toBe(false);
  });

  it('forbids the thaw when it cannot be lifted', async () => {
    const { home } = createDocker(9999);
    await expect(putLimitsRight(home, container(6 * MIB))).rejects.toMatchObject({ code: 'DOCKER_FAILED' });
  });

  it.each([
    [6, 1024, true],
    [64, 1024, true],
    [512, 1024, false],
    [1024, 1024, false],
    [64, 64, false],
    [64, -1, false],
  ])('of %i MiB beside %i MiB with swap is taken for lowered: %s', (memory, together, expected) => {
    expect(isLowered(container(memory * MIB, together * MIB))).toBe(expected);
  });

  it('is known from the limit of memory and swap together', () => {
    expect(liftedLimit(container(6 * MIB))).toBe(FULL);
    expect(liftedLimit(container(FULL, -1))).toBe(FULL);
  });
});
