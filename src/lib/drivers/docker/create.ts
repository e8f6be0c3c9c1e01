import type { ContainerInspectInfo } from 'dockerode';

import { DozeError } from '../../errors/index.ts';
import type { InstanceSpec, VerbContext } from '../driver.ts';
import { containerOptions } from './container-options.ts';
import { findContainer, inspectContainer } from './containers.ts';
import { findImage, obtainImage } from './find-image.ts';
import type { DockerHome } from './home.ts';
import { LABEL } from './labels.ts';
import { containerName } from './names.ts';
import { ensureNetwork } from './network.ts';
import { ensureTemplate } from './template.ts';

const POLL_MS = 50;

/** The compute's container, made with its volume if there is none. It is not started. */
export async function ensureContainer(
  home: DockerHome,
  spec: InstanceSpec,
  context: VerbContext,
): Promise<ContainerInspectInfo> {
  const { signal } = context;
  const existing = await findContainer(home, spec.computeId, signal);
  if (existing !== null) {
    await takeName(home, existing, spec, signal);
    return existing;
  }
  const image = await imageOf(home, spec, context);
  const [templateVolume, facts] = await Promise.all([
    ensureTemplate(home, image.id, context),
    home.facts(signal),
    ensureNetwork(home, signal),
  ]);
  const { homeId, engine } = home;
  const plan = { homeId, spec, image: image.reference, templateVolume, serverBinaries: engine.serverBinaries, facts };
  for (;;) {
    // 409: the name is taken, by an earlier attempt that Docker is still busy with or by something that is not ours.
    await home.api.runUnless([409], `make the container of compute "${spec.name}"`, signal, (docker) =>
      docker.createContainer(containerOptions(plan)),
    );
    const made = await inspectContainer(home, containerName(homeId, spec), signal);
    if (made !== null) return requireOurs(made, spec);
    await home.clock.sleep(POLL_MS, signal);
  }
}

/** For people who look at Docker's own list; nothing is found by it, so one that is taken or gone is no reason to fail. */
async function takeName(
  home: DockerHome,
  { Id: id, Name: current }: ContainerInspectInfo,
  spec: InstanceSpec,
  signal: AbortSignal,
): Promise<void> {
  const name = containerName(home.homeId, spec);
  if (current === `/${name}`) return;
  await home.api.runUnless([404, 409], `rename the container of compute "${spec.name}"`, signal, (docker) =>
    docker.getContainer(id).rename({ name }),
  );
}

/** What the compute runs, or would. */
export async function imageOf(
  home: DockerHome,
  spec: InstanceSpec,
  context: VerbContext,
): Promise<{ id: string; reference: string }> {
  if (spec.image === null) return findImage(home, { version: spec.version, image: null, isStateless: false }, context);
  return { id: (await obtainImage(home, spec.image, context)).Id, reference: spec.image };
}

/** @throws DOCKER_FAILED when something else has the name of the compute's container */
export function requireOurs(container: ContainerInspectInfo, spec: InstanceSpec): ContainerInspectInfo {
  if (container.Config.Labels[LABEL.compute] === spec.computeId) return container;
  const name = container.Name.replace(/^\//, '');
  throw new DozeError(
    'DOCKER_FAILED',
    `the name of compute "${spec.name}"'s container is taken by one that is not doze's`,
    {
      hint: `docker rename ${name} something-else`,
    },
  );
}
