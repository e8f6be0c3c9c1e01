import type { ContainerInspectInfo } from 'dockerode';

import { createDeadline } from '../../../clock.ts';
import { DozeError } from '../../../errors/index.ts';
import type { DockerHome } from '../home.ts';
import { anonymousBytes, readStats } from '../read-usage.ts';
import type { MemoryUse } from './judge.ts';
import { LOWERED_LIMITS_BYTES, liftedLimit } from './lifted-limit.ts';
import type { ReclaimWay } from './way.ts';

const UPDATE_TIMEOUT_MS = 30_000;
/** Each costs 25 ms; a second try finds pages that were on their way to the disk in the first. */
const MOST_TRIES = 2;

/**
 * cgroup v1, through Docker's API alone: the memory limit is lowered, and the kernel reclaims or refuses (EBUSY). The
 * record of the right limit is the container's own limit of memory and swap together, which is never touched: whoever
 * thaws the container lifts the limit first, so that one that a dead agent left lowered does no harm.
 */
export function createLowerLimit(home: DockerHome, container: ContainerInspectInfo, signal: AbortSignal): ReclaimWay {
  const { Id: id } = container;
  return {
    readMemory: () => readMemory(home, id, signal),
    async reclaim(before, end) {
      let reached = before.residentBytes;
      try {
        for (const bytes of LOWERED_LIMITS_BYTES) {
          if (!(await lower(home, id, bytes, end))) break;
          reached = Math.min(reached, bytes);
        }
      } finally {
        await liftLimit(home, container);
      }
      // Below the limit that the kernel took. To ask again would cost a second: Docker measures once in each.
      const swappedBytes = before.swappedBytes + Math.max(0, before.anonymousBytes - reached);
      return { residentBytes: reached, anonymousBytes: reached, swappedBytes };
    },
  };
}

async function lower(home: DockerHome, id: string, bytes: number, signal: AbortSignal): Promise<boolean> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    signal.throwIfAborted();
    if (await setLimit(home, id, bytes)) return true;
  }
  return false;
}

/**
 * Waited for whatever the caller's deadline is: a limit that is abandoned half way could be in place after all, later
 * than the one that lifts it.
 * @returns false when the kernel did not get below it, and the old limit is still in place
 */
async function setLimit(home: DockerHome, id: string, bytes: number): Promise<boolean> {
  using deadline = createDeadline(UPDATE_TIMEOUT_MS, tookTooLong);
  const answer = await home.api.runUnless([500], "set a container's memory limit", deadline.signal, async (docker) => {
    await docker.getContainer(id).update({ Memory: bytes });
    return 'set' as const;
  });
  return answer !== null;
}

/** @throws DOCKER_FAILED when it is not in place afterwards: such a container must not be thawed */
export async function liftLimit(home: DockerHome, container: ContainerInspectInfo): Promise<void> {
  if (await setLimit(home, container.Id, liftedLimit(container))) return;
  throw new DozeError(
    'DOCKER_FAILED',
    `the memory limit of container ${container.Id.slice(0, 12)} could not be lifted`,
    {
      hint: `docker update --memory ${liftedLimit(container)} ${container.Id.slice(0, 12)}`,
    },
  );
}

function tookTooLong(): DozeError {
  return new DozeError('TIMED_OUT', `Docker did not set a memory limit within ${UPDATE_TIMEOUT_MS / 1000} s`);
}

async function readMemory(home: DockerHome, id: string, signal: AbortSignal): Promise<MemoryUse> {
  const stats = await readStats(home, id, signal);
  // Docker does not tell what is in swap.
  return {
    residentBytes: stats.memory_stats.usage,
    anonymousBytes: anonymousBytes(stats),
    swappedBytes: 0,
  };
}
