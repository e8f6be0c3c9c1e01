import type { ContainerInspectInfo } from 'dockerode';

import type { Endpoint, InstanceSpec, StartContext, StatelessSpec, VerbContext } from '../driver.ts';
import { noteLaunch } from './await-serving.ts';
import { containerIds, inspectContainer, removeContainer } from './containers.ts';
import { requireOurs } from './create.ts';
import { endpointOf } from './describe-container.ts';
import { thawContainer } from './freezing.ts';
import { hearBoot } from './hear-boot.ts';
import type { DockerHome } from './home.ts';
import { isOfGeneration } from './labels.ts';
import { containerName } from './names.ts';
import { ensureNetwork } from './network.ts';
import { serverUserOf } from './server-user.ts';
import { findStatelessImage } from './stateless-image.ts';
import { statelessOptions } from './stateless-options.ts';

const POLL_MS = 50;

/**
 * Up from nothing, and never beside another one: whatever is left of other generations is gone before a container is
 * made, and as the name is the same for all of them, Docker refuses the second of two that are made at once.
 */
export async function startStateless(
  home: DockerHome,
  spec: InstanceSpec,
  stateless: StatelessSpec,
  context: StartContext,
): Promise<Endpoint> {
  const { signal } = context;
  home.asked.set(spec.computeId, new Set(['start', 'unpause']));
  for (;;) {
    const standing = await clearAway(home, spec, stateless, signal);
    const container = standing ?? (await make(home, spec, stateless, context));
    const raised = container === null ? null : await raise(home, container, spec, context);
    const endpoint = raised === null ? null : endpointOf(raised, (await home.facts(signal)).reach);
    if (raised !== null && endpoint !== null) {
      home.containerIds.set(spec.computeId, raised.Id);
      return endpoint;
    }
    await home.clock.sleep(POLL_MS, signal);
  }
}

/** Removes what cannot be gone on with, and waits until it is gone. @returns what can */
async function clearAway(
  home: DockerHome,
  spec: InstanceSpec,
  { generation }: StatelessSpec,
  signal: AbortSignal,
): Promise<ContainerInspectInfo | null> {
  let standing: ContainerInspectInfo | null = null;
  for (const id of await containerIds(home, signal, spec.computeId)) {
    const container = await inspectContainer(home, id, signal);
    if (container === null) continue;
    if (standing === null && isOfGeneration(container, generation) && isFirstRun(container)) standing = container;
    else await discard(home, id, spec, signal);
  }
  return standing;
}

/** It runs, or it has never run: one that ended lost its memory, so it is made anew. */
function isFirstRun({ State: { Status: status } }: ContainerInspectInfo): boolean {
  return status === 'running' || status === 'paused' || status === 'created';
}

async function discard(home: DockerHome, id: string, spec: InstanceSpec, signal: AbortSignal): Promise<void> {
  home.asked.set(id, new Set(['die', 'destroy', 'unpause']));
  await removeContainer(home, id, `remove the last container of compute "${spec.name}"`, signal);
}

/** @returns null when Docker had the name already: a request that came before ours won, and is to be looked at */
async function make(
  home: DockerHome,
  spec: InstanceSpec,
  stateless: StatelessSpec,
  context: VerbContext,
): Promise<ContainerInspectInfo | null> {
  const { signal } = context;
  const { homeId } = home;
  const image = await findStatelessImage(home, spec.image, context);
  const [user, facts] = await Promise.all([
    serverUserOf(home, image, image.reference, signal),
    home.facts(signal),
    ensureNetwork(home, signal),
  ]);
  const plan = { homeId, spec, stateless, image: image.reference, user, facts };
  const made = await home.api.runUnless([409], `make the container of compute "${spec.name}"`, signal, (docker) =>
    docker.createContainer(statelessOptions(plan)),
  );
  const container = await inspectContainer(home, made?.id ?? containerName(homeId, spec), signal);
  if (container !== null) requireOurs(container, spec);
  return made === null ? null : container;
}

/** @returns the container as it runs; null when it has to be looked at again */
async function raise(
  home: DockerHome,
  container: ContainerInspectInfo,
  spec: InstanceSpec,
  { signal, listener }: StartContext,
): Promise<ContainerInspectInfo | null> {
  const { Id: id } = container;
  const doing = `start compute "${spec.name}"`;
  switch (container.State.Status) {
    case 'running':
      return container;
    case 'paused':
      await thawContainer(home, container, doing, signal);
      break;
    default:
      if (listener !== undefined) await hearBoot(home, id, listener);
      noteLaunch(home, id);
      // 304: somebody else has started it. 404, 409: it is gone, or going, or its network is.
      await home.api.runUnless([304, 404, 409], doing, signal, (docker) => docker.getContainer(id).start());
  }
  const current = await inspectContainer(home, id, signal);
  if (current?.State.Status === 'running') return current;
  if (current?.State.Status === 'created') await discard(home, id, spec, signal);
  return null;
}
