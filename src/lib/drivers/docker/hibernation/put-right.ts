import type { ContainerInspectInfo } from 'dockerode';

import type { DockerHome } from '../home.ts';
import { openCgroup } from './cgroup-files.ts';
import { findCgroup } from './find-cgroup.ts';
import { isLowered } from './lifted-limit.ts';
import { liftLimit } from './lower-limit.ts';
import { forbidSwap } from './reclaim-v2.ts';

/**
 * Puts right what an agent that died in the middle of a hibernation may have left: a lowered limit, or the right to
 * swap. Before every thaw: what this agent itself hibernated costs nothing, the rest no request unless there is something to do.
 */
export async function putLimitsRight(home: DockerHome, container: ContainerInspectInfo): Promise<void> {
  if (home.hibernation.asleep.delete(container.Id)) return;
  await liftIfLowered(home, container);
  if (home.hibernation.support?.way !== 'reclaim' || container.State.Status !== 'paused') return;
  const directory = await findCgroup(container, 2, 'memory');
  if (directory !== null) await forbidSwap(openCgroup(directory));
}

/** One that somebody thawed by hand cannot wait for its next thaw. */
export async function liftIfLowered(home: DockerHome, container: ContainerInspectInfo): Promise<void> {
  if (isLowered(container)) await liftLimit(home, container);
}
