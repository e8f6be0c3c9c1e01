import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';

import { untilAborted } from '../../clock.ts';
import type { InstanceId } from '../driver.ts';
import { isContradiction } from './freezing.ts';
import type { DockerHome } from './home.ts';
import { isStateless, LABEL, labelFilter } from './labels.ts';
import { giveOrder } from './give-order.ts';
import type { Report } from './supervisor.ts';

const POLL_MS = 50;
const CONTRADICTION_POLL_MS = 5;

/** The compute's container, or null. */
export async function findContainer(
  home: DockerHome,
  id: InstanceId,
  signal: AbortSignal,
): Promise<ContainerInspectInfo | null> {
  const known = home.containerIds.get(id);
  const remembered = known === undefined ? null : await inspectContainer(home, known, signal);
  if (remembered !== null) return remembered;
  const [containerId] = await containerIds(home, signal, id);
  if (containerId === undefined) home.containerIds.delete(id);
  else home.containerIds.set(id, containerId);
  return containerId === undefined ? null : inspectContainer(home, containerId, signal);
}

/** Ids of the home's containers, or of one compute's. */
export async function containerIds(home: DockerHome, signal: AbortSignal, id?: InstanceId): Promise<string[]> {
  return (await listContainers(home, signal, id === undefined ? {} : { id })).map(({ Id }) => Id);
}

/** What a list tells of a container. */
export interface ListedContainer extends Pick<ContainerInfo, 'Id' | 'State'> {
  readonly computeId: InstanceId;
}

export interface ListFilter {
  readonly id?: InstanceId;
  /** As Docker names them; all if left out. */
  readonly statuses?: readonly string[];
}

/** Docker tells 7 KB of each. A thousand at once would be memory that the agent's heap never gives back. */
const PAGE = 100;
/** 20.10 has no status of its own for it: a failure that stays is one. */
const MOST_BEGINNINGS = 5;

/** The newest first. One that comes while it is listed may be missing, as one that came a moment later would be. */
export async function listContainers(
  home: DockerHome,
  signal: AbortSignal,
  { id, statuses }: ListFilter = {},
): Promise<readonly ListedContainer[]> {
  const label = labelFilter(home.homeId, 'instance', id);
  const wanted = statuses === undefined ? { label } : { label, status: [...statuses] };
  let listed: ListedContainer[] = [];
  for (let begun = 1; ;) {
    const last = listed.at(-1);
    const filters = last === undefined ? wanted : { ...wanted, before: [last.Id] };
    // The one behind which it was to go on has been removed since.
    const refusals = last === undefined || begun === MOST_BEGINNINGS ? [] : [404, 500];
    const page = await home.api.runUnless(refusals, 'list containers', signal, (docker) =>
      docker.listContainers({ all: true, limit: PAGE, filters }),
    );
    if (page === null) {
      listed = [];
      begun += 1;
      continue;
    }
    listed.push(
      ...page.map(({ Id, State, Labels: labels }) => ({ Id, State, computeId: labels[LABEL.compute] ?? '' })),
    );
    if (page.length < PAGE) return listed;
  }
}

export async function inspectContainer(
  home: DockerHome,
  nameOrId: string,
  signal: AbortSignal,
): Promise<ContainerInspectInfo | null> {
  for (;;) {
    const underWay = home.freezesUnderWay.get(nameOrId);
    if (underWay !== undefined) await untilAborted(underWay, signal);
    const container = await home.api.runUnless([404], 'inspect a container', signal, (docker) =>
      docker.getContainer(nameOrId).inspect(),
    );
    if (container === null || !isContradiction(home, container)) return container;
    await home.clock.sleep(CONTRADICTION_POLL_MS, signal);
  }
}

/**
 * What the supervisor says, from memory if it was asked already; null when the container does not run. Without a
 * supervisor the container is the server.
 */
export async function reportOf(
  home: DockerHome,
  container: ContainerInspectInfo,
  signal: AbortSignal,
): Promise<Report | null> {
  if (container.State.Status !== 'running') return null;
  if (isStateless(container)) return { state: 'running' };
  const known = home.reports.get(reportKey(container));
  if (known !== undefined) return known;
  const report = await giveOrder(home, container.Id, 'state', 'ask a container for its state', signal);
  rememberReport(home, container, report);
  return report;
}

/** `ending` is not remembered, as it passes. */
export function rememberReport(home: DockerHome, container: ContainerInspectInfo, report: Report | null): void {
  if (report === null || report.state === 'ending') home.reports.delete(reportKey(container));
  else home.reports.set(reportKey(container), report);
}

function reportKey(container: ContainerInspectInfo): string {
  return `${container.Id} ${container.State.StartedAt}`;
}

/** Removes a container whatever it does, with the volumes that an image made Docker add, and waits until it is gone. */
export async function removeContainer(
  home: DockerHome,
  containerId: string,
  doing: string,
  signal: AbortSignal,
): Promise<void> {
  // 409: somebody else is removing it.
  await home.api.runUnless([404, 409], doing, signal, (docker) =>
    docker.getContainer(containerId).remove({ force: true, v: true }),
  );
  home.launchedAtMs.delete(containerId);
  home.cpuLoans.forget(containerId);
  home.freezes.delete(containerId);
  home.hibernation.asleep.delete(containerId);
  for (const key of home.reports.keys()) if (key.startsWith(containerId)) home.reports.delete(key);
  while ((await inspectContainer(home, containerId, signal)) !== null) await home.clock.sleep(POLL_MS, signal);
}

/** Removes a volume as soon as nothing uses it any more. */
export async function removeVolume(home: DockerHome, name: string, doing: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    // 409: a container that is just going away still holds it.
    await home.api.runUnless([404, 409], doing, signal, (docker) => docker.getVolume(name).remove());
    if (!(await hasVolume(home, name, signal))) return;
    await home.clock.sleep(POLL_MS, signal);
  }
}

export async function hasVolume(home: DockerHome, name: string, signal: AbortSignal): Promise<boolean> {
  const volume = await home.api.runUnless([404], `look for volume ${name}`, signal, (docker) =>
    docker.getVolume(name).inspect(),
  );
  return volume !== null;
}
