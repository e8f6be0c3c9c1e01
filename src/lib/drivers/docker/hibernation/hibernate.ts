import type { ContainerInspectInfo } from 'dockerode';

import { createDeadline } from '../../../clock.ts';
import { DozeError, toDozeError } from '../../../errors/index.ts';
import type { DockerHome } from '../home.ts';
import { openCgroup } from './cgroup-files.ts';
import { findCgroup } from './find-cgroup.ts';
import { createForceEmptyV1 } from './force-empty-v1.ts';
import { whyNotDone, whyNotNow, type MemoryUse } from './judge.ts';
import { createLowerLimit } from './lower-limit.ts';
import { measurePace } from './pace.ts';
import { readHostMemory } from './read-host.ts';
import { createReclaimV2 } from './reclaim-v2.ts';
import type { ReclaimWay } from './way.ts';

const RECLAIM_TIMEOUT_MS = 30_000;

/**
 * Moves a frozen container's memory to the host's swap. Whatever goes wrong leaves a frozen server that is as good as
 * before, so that is no failure but an answer.
 * @returns why it is frozen only, for people; null when it hibernates
 */
export async function hibernate(
  home: DockerHome,
  container: ContainerInspectInfo,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const shortfall = await moveToSwap(home, container, signal);
    if (shortfall === null) home.hibernation.asleep.add(container.Id);
    return shortfall;
  } catch (error) {
    signal.throwIfAborted();
    return toDozeError(error).message;
  }
}

async function moveToSwap(
  home: DockerHome,
  container: ContainerInspectInfo,
  signal: AbortSignal,
): Promise<string | null> {
  const { hibernation } = home;
  const { cgroups } = await home.facts(signal);
  const support = await hibernation.look(cgroups);
  const way = await openWay(home, container, signal);
  if (way === null) return support.way === null ? support.summary : "the container's control group was not found";

  const before = await way.readMemory();
  const obstacle = whyNotNow(before, {
    freeBytes: cgroups.isOurKernel ? (await readHostMemory()).swapFreeBytes : null,
    pace: hibernation.pace,
    slowestBytesPerSecond: hibernation.slowestSwapBytesPerSecond,
    nowMs: home.clock.monotonicMs(),
  });
  if (obstacle !== null) return obstacle;

  const beganMs = home.clock.monotonicMs();
  using deadline = createDeadline(RECLAIM_TIMEOUT_MS, tookTooLong, signal);
  const after = await way.reclaim(before, deadline.signal);
  note(home, container, { before, after, beganMs });
  return whyNotDone(before, after);
}

function tookTooLong(): DozeError {
  return new DozeError('TIMED_OUT', `the host's swap did not take it within ${RECLAIM_TIMEOUT_MS / 1000} s`);
}

/** By the cgroup's files where there is one that is surely the container's, else by Docker's API where that can do it. */
async function openWay(
  home: DockerHome,
  container: ContainerInspectInfo,
  signal: AbortSignal,
): Promise<ReclaimWay | null> {
  const { way } = home.hibernation.support ?? { way: null };
  if (way === null) return null;
  const { cgroups } = await home.facts(signal);
  const directory = way === 'lowerLimit' ? null : await findCgroup(container, cgroups.version, 'memory');
  if (directory !== null) {
    const cgroup = openCgroup(directory);
    return way === 'reclaim' ? createReclaimV2(cgroup) : createForceEmptyV1(cgroup, home.clock);
  }
  return cgroups.version === 1 && cgroups.countsSwap ? createLowerLimit(home, container, signal) : null;
}

interface Reclaimed {
  readonly before: MemoryUse;
  readonly after: MemoryUse;
  readonly beganMs: number;
}

function note(home: DockerHome, { Id: id }: ContainerInspectInfo, { before, after, beganMs }: Reclaimed): void {
  const nowMs = home.clock.monotonicMs();
  const tookMs = Math.round(nowMs - beganMs);
  const { hibernation } = home;
  hibernation.pace = measurePace(hibernation.pace, after.swappedBytes - before.swappedBytes, tookMs, nowMs);
  const facts = { container: id, tookMs, beforeBytes: before.residentBytes, afterBytes: after.residentBytes };
  home.logger.info({ ...facts, swappedBytes: after.swappedBytes }, 'moved the memory of a container to swap');
}
