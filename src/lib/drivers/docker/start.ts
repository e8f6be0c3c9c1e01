import type { ContainerInspectInfo } from 'dockerode';

import { DozeError } from '../../errors/index.ts';
import type { Endpoint, InstanceSpec, StartContext, StartListener, VerbContext } from '../driver.ts';
import { findContainer, hasVolume, inspectContainer, rememberReport, removeContainer, reportOf } from './containers.ts';
import { fitLimits, sizeOf } from './resize.ts';
import { noteLaunch } from './await-serving.ts';
import { ensureContainer } from './create.ts';
import { endpointOf } from './describe-container.ts';
import { thawContainer } from './freezing.ts';
import { giveIdentity } from './give-identity.ts';
import { hearBoot } from './hear-boot.ts';
import type { DockerHome } from './home.ts';
import { launchServer } from './launch-server.ts';
import { volumeName } from './names.ts';
import { wakeLeft } from './wake-left.ts';

const POLL_MS = 50;

/** Up from any depth, with as few requests as the depth allows: each costs a wake a millisecond or more. */
export async function startInstance(home: DockerHome, spec: InstanceSpec, context: StartContext): Promise<Endpoint> {
  const { signal } = context;
  home.asked.set(spec.computeId, new Set(['start', 'unpause']));
  const woken = await wakeLeft(home, spec, context);
  if (woken !== null) return woken;
  for (;;) {
    const container = (await findContainer(home, spec.computeId, signal)) ?? (await makeAgain(home, spec, context));
    const started = await raise(home, container, spec, context);
    const endpoint = started === null ? null : endpointOf(started, (await home.facts(signal)).reach);
    if (endpoint !== null) return endpoint;
    await home.clock.sleep(POLL_MS, signal);
  }
}

/** An empty database in place of lost data would hide the loss. */
async function makeAgain(home: DockerHome, spec: InstanceSpec, context: VerbContext): Promise<ContainerInspectInfo> {
  const volume = volumeName(home.homeId, spec.computeId);
  if (await hasVolume(home, volume, context.signal)) return ensureContainer(home, spec, context);
  throw new DozeError(
    'INSTANCE_LOST',
    `the data of compute "${spec.name}" is gone: there is no Docker volume ${volume}`,
    {
      hint: `doze compute destroy ${spec.name}`,
    },
  );
}

interface LaunchContext {
  readonly doing: string;
  readonly signal: AbortSignal;
  readonly listener: StartListener | undefined;
}

/** @returns the container as it is once raised; null when it has to be looked at again */
async function raise(
  home: DockerHome,
  container: ContainerInspectInfo,
  spec: InstanceSpec,
  { signal, listener }: StartContext,
): Promise<ContainerInspectInfo | null> {
  const doing = `start compute "${spec.name}"`;
  if (await takeSize(home, container, spec, signal)) return null;
  switch (container.State.Status) {
    case 'running':
      return (await launch(home, container, spec, { doing, signal, listener })) ? container : null;
    case 'paused':
      return (await thawContainer(home, container, doing, signal)) ? container : null;
    case 'created':
    case 'exited':
      await giveIdentity(home, spec, container.Id, doing, signal);
      return boot(home, container, doing, signal, listener);
    case 'dead':
      await removeContainer(home, container.Id, doing, signal);
      return null;
    default:
      // `removing`, `restarting`: soon something else.
      return null;
  }
}

/** Before the server has its first page. @returns true when the container has to be looked at again */
async function takeSize(
  home: DockerHome,
  container: ContainerInspectInfo,
  { cu }: InstanceSpec,
  signal: AbortSignal,
): Promise<boolean> {
  const { Status: status } = container.State;
  if (sizeOf(container) === cu || !['running', 'paused', 'created', 'exited'].includes(status)) return false;
  if (status === 'running' && (await reportOf(home, container, signal))?.state !== 'parked') return false;
  return fitLimits(home, container, cu, signal);
}

async function launch(
  home: DockerHome,
  container: ContainerInspectInfo,
  spec: InstanceSpec,
  { doing, signal, listener }: LaunchContext,
): Promise<boolean> {
  const report = await reportOf(home, container, signal);
  if (report?.state === 'running') {
    await home.cpuLoans.putRight(container);
    return true;
  }
  await giveIdentity(home, spec, container.Id, doing, signal);
  return launchServer(home, container, doing, signal, { refusals: [], listener });
}

/** 404: the container is gone, or its network; a new container brings both back. */
async function boot(
  home: DockerHome,
  { Id: id }: ContainerInspectInfo,
  doing: string,
  signal: AbortSignal,
  listener: StartListener | undefined,
): Promise<ContainerInspectInfo | null> {
  if (listener !== undefined) await hearBoot(home, id, listener);
  noteLaunch(home, id);
  const answer = await home.api.runUnless([404], doing, signal, async (docker) => {
    await docker.getContainer(id).start();
    return 'started' as const;
  });
  if (answer === null) {
    // Of this container alone: whoever waits for the server is not to take it for the end of that.
    home.asked.set(id, new Set(['die', 'destroy']));
    await removeContainer(home, id, doing, signal);
  }
  const started = await inspectContainer(home, id, signal);
  // The supervisor starts the server by itself; asking it would wait until a first start has copied the template.
  if (started?.State.Status === 'running') {
    rememberReport(home, started, { state: 'running' });
    await home.cpuLoans.lend(started, signal);
  }
  return started;
}
