import type { ContainerInspectInfo } from 'dockerode';

import { memoryBytes } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { InstanceId, InstanceUsage, VerbContext } from '../driver.ts';
import { limits } from './container-options.ts';
import { findContainer, reportOf } from './containers.ts';
import { liftedLimit } from './hibernation/lifted-limit.ts';
import type { DockerHome } from './home.ts';
import { LABEL } from './labels.ts';
import { readUsage } from './read-usage.ts';

/**
 * Of the new limit: what is in use must fit with some room. On cgroup v2 the kernel kills for a limit that is under what it
 * cannot reclaim; on v1 it refuses (EBUSY).
 */
const FITTING_SHARE = 0.9;

type Limited = Pick<ContainerInspectInfo, 'HostConfig'>;

/** The size that a container's limits are for; undefined when they are none of a size. */
export function sizeOf(container: Limited): number | undefined {
  const quarters = (4 * liftedLimit(container)) / memoryBytes(1);
  return quarters > 0 && Number.isInteger(quarters) ? quarters / 4 : undefined;
}

/** Of one that runs. */
export async function resizeInstance(
  home: DockerHome,
  id: InstanceId,
  cu: number,
  { signal }: VerbContext,
): Promise<void> {
  const container = await findContainer(home, id, signal);
  if (container === null || sizeOf(container) === cu) return;
  if ((await reportOf(home, container, signal))?.state !== 'running') return;
  await setLimits(home, container, cu, signal);
}

/**
 * Of one that is to start. A paused one keeps larger limits, as its server holds what it held: the control plane makes it
 * smaller once it runs. @returns whether anything was changed
 */
export async function fitLimits(
  home: DockerHome,
  container: ContainerInspectInfo,
  cu: number,
  signal: AbortSignal,
): Promise<boolean> {
  const now = sizeOf(container);
  if (now === undefined || now === cu || (container.State.Status === 'paused' && cu < now)) return false;
  await setLimits(home, container, cu, signal);
  return true;
}

/** The right order of memory, and memory and swap together, is Docker's business when both are said at once. */
async function setLimits(
  home: DockerHome,
  container: ContainerInspectInfo,
  cu: number,
  signal: AbortSignal,
): Promise<void> {
  const now = sizeOf(container) ?? 0;
  // What is lent is of the old size.
  await home.cpuLoans.takeBack(container.Config.Labels[LABEL.compute] ?? '');
  if (cu < now) await requireRoom(home, container, cu, signal);
  const { cpus } = await home.facts(signal);
  try {
    await update(home, container, limits(cu, cpus), signal);
  } catch (error) {
    signal.throwIfAborted();
    // Half of it may be in place in the kernel, of which Docker's own record says nothing.
    await update(home, container, limits(now, cpus), signal);
    throw refused(`Docker refused its limits (${error instanceof DozeError ? error.message : String(error)})`, error);
  }
}

async function update(
  home: DockerHome,
  { Id: id }: ContainerInspectInfo,
  to: ReturnType<typeof limits>,
  signal: AbortSignal,
): Promise<void> {
  await home.api.run("set a container's limits", signal, (docker) => docker.getContainer(id).update(to));
}

async function requireRoom(
  home: DockerHome,
  container: ContainerInspectInfo,
  cu: number,
  signal: AbortSignal,
): Promise<void> {
  if (container.State.Status !== 'running') return;
  const usage = await readUsage(home, container.Id, signal);
  if (usage.memoryBytes <= FITTING_SHARE * memoryBytes(cu)) return;
  throw refused(`it holds ${Math.ceil(usage.memoryBytes / 1024 ** 2)} MiB, too much for ${cu} CU`);
}

function refused(why: string, cause?: unknown): DozeError {
  return new DozeError('RESIZE_REFUSED', `the container keeps its size: ${why}`, { cause });
}

export async function instanceUsage(
  home: DockerHome,
  id: InstanceId,
  signal: AbortSignal,
): Promise<InstanceUsage | null> {
  const containerId = home.containerIds.get(id) ?? (await findContainer(home, id, signal))?.Id;
  if (containerId === undefined) return null;
  const usage = await readUsage(home, containerId, signal).catch(() => null);
  signal.throwIfAborted();
  // Of a container that does not run Docker says nothing but zeros.
  return usage === null || usage.cpuSeconds === 0 ? null : usage;
}
