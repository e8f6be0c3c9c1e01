import type Dockerode from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';

import { putLimitsRight } from './hibernation/put-right.ts';
import type { DockerHome } from './home.ts';

/**
 * Docker hears of a pause twice: from the request, and once more from the runtime, later. When the second word comes
 * after the next request it turns Docker's own record back for a moment (moby, daemon/monitor.go). Until this long after
 * our order, Docker's contradiction is not believed.
 */
const CONTRADICTION_MS = 2000;

/**
 * cgroup v1 cannot freeze a process that waits for its disk, and runc gives up after a moment ("unable to freeze"): on
 * a busy host, a server that has just written or is just back from swap.
 */
const MOST_TRIES = 8;
const RETRY_MS = 100;

export async function freezeContainer(
  home: DockerHome,
  { Id: id }: ContainerInspectInfo,
  doing: string,
  signal: AbortSignal,
): Promise<void> {
  // While an order is under way, and for good if it is called off, there is no telling what Docker has done.
  home.freezes.delete(id);
  await pause(home, id, doing, signal);
  home.freezes.set(id, { status: 'paused', atMs: home.clock.monotonicMs() });
  home.hibernation.asleep.delete(id);
}

async function pause(home: DockerHome, id: string, doing: string, signal: AbortSignal): Promise<void> {
  const request = async (docker: Dockerode): Promise<'paused'> => {
    await keepUnderWay(home, id, docker.getContainer(id).pause());
    return 'paused';
  };
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    if ((await home.api.runUnless([500], doing, signal, request)) !== null) return;
    await home.clock.sleep(RETRY_MS, signal);
  }
  await home.api.run(doing, signal, request);
}

/** @returns false when it is gone or not paused any more, and has to be looked at again */
export async function thawContainer(
  home: DockerHome,
  container: ContainerInspectInfo,
  doing: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { Id: id } = container;
  home.freezes.delete(id);
  await putLimitsRight(home, container);
  const isThawed = await unpause(home, id, doing, signal);
  if (isThawed) home.freezes.set(id, { status: 'running', atMs: home.clock.monotonicMs() });
  return isThawed;
}

/** 500: it is not paused, as an order that was called off has thawed it already, or the runtime could not. */
async function unpause(home: DockerHome, id: string, doing: string, signal: AbortSignal): Promise<boolean> {
  const request = async (docker: Dockerode): Promise<'thawed'> => {
    await keepUnderWay(home, id, docker.getContainer(id).unpause());
    return 'thawed';
  };
  const inspect = async (docker: Dockerode): Promise<boolean> =>
    (await docker.getContainer(id).inspect()).State.Status === 'paused';
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    if ((await home.api.runUnless([404, 409, 500], doing, signal, request)) !== null) return true;
    if ((await home.api.runUnless([404], doing, signal, inspect)) !== true) return false;
    await home.clock.sleep(RETRY_MS, signal);
  }
  return (await home.api.runUnless([404, 409], doing, signal, request)) !== null;
}

/** An order that is called off goes on in Docker: whoever looks next waits for its end, or would see what is no more. */
async function keepUnderWay(home: DockerHome, id: string, order: Promise<unknown>): Promise<void> {
  const ended = order.then(
    () => undefined,
    () => undefined,
  );
  home.freezesUnderWay.set(id, ended);
  try {
    await order;
  } finally {
    if (home.freezesUnderWay.get(id) === ended) home.freezesUnderWay.delete(id);
  }
}

/** Whether Docker says the contrary of what it has only just done for us, and is to be asked again. */
export function isContradiction(
  home: DockerHome,
  { Id: id, State: { Status: status } }: ContainerInspectInfo,
): boolean {
  const ordered = home.freezes.get(id);
  if (ordered === undefined) return false;
  if (home.clock.monotonicMs() - ordered.atMs > CONTRADICTION_MS) home.freezes.delete(id);
  else return ordered.status === 'paused' ? status === 'running' : status === 'paused';
  return false;
}
