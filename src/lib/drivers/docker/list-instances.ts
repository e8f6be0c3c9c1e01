import type { ContainerInspectInfo } from 'dockerode';

import type { Instance } from '../driver.ts';
import { inspectContainer, listContainers, reportOf, type ListedContainer } from './containers.ts';
import { describeContainer } from './describe-container.ts';
import type { Reach } from './engine-facts.ts';
import { liftIfLowered } from './hibernation/put-right.ts';
import type { DockerHome } from './home.ts';
import { sizeOf } from './resize.ts';

/** As Docker calls those whose first process is not there. */
const NOT_RUNNING = new Set(['created', 'exited']);

/**
 * The home's instances. A container that was found stopped, and is listed so again, is not looked into anew: most are, and
 * may be a thousand. What a start in between made of it is found out by whoever inspects it, as nobody acts on a list alone.
 */
export async function listInstances(home: DockerHome, signal: AbortSignal): Promise<readonly Instance[]> {
  const { reach } = await home.facts(signal);
  const instances: Instance[] = [];
  const listed = await listContainers(home, signal);
  forgetAllBut(home, listed);
  // One after the other: after a restart there may be hundreds, and Docker gets slower with each request at once.
  for (const { Id: containerId, State: state } of listed) {
    const known = NOT_RUNNING.has(state) ? home.stopped.get(containerId) : undefined;
    const instance = known ?? (await lookInto(home, containerId, reach, signal));
    if (instance !== null) instances.push(instance);
  }
  return instances;
}

async function lookInto(
  home: DockerHome,
  containerId: string,
  reach: Reach,
  signal: AbortSignal,
): Promise<Instance | null> {
  home.stopped.delete(containerId);
  const container = await inspectContainer(home, containerId, signal);
  if (container === null) return null;
  const instance = await describe(home, container, reach, signal);
  if (NOT_RUNNING.has(container.State.Status)) home.stopped.set(containerId, instance);
  return instance;
}

function forgetAllBut({ stopped }: DockerHome, listed: readonly ListedContainer[]): void {
  const ids = new Set(listed.map(({ Id }) => Id));
  for (const id of stopped.keys()) if (!ids.has(id)) stopped.delete(id);
}

export async function describe(
  home: DockerHome,
  container: ContainerInspectInfo,
  reach: Reach,
  signal: AbortSignal,
): Promise<Instance> {
  // A hibernation that is under way has it paused, and one that a dead agent left so is put right by the thaw.
  if (container.State.Status === 'running') await liftIfLowered(home, container);
  if (['running', 'paused'].includes(container.State.Status)) await home.cpuLoans.putRight(container);
  const cu = sizeOf(container);
  return {
    ...describeContainer(container, await reportOf(home, container, signal), reach),
    ...(cu === undefined ? {} : { cu }),
  };
}
