import type { Clock } from '../../clock.ts';
import { DEPTHS } from '../../domain/index.ts';
import type { Engine } from '../../engines/index.ts';
import { createSilentLogger, type Logger } from '../../logger.ts';
import type { Driver, InstanceId, Instance, Prepared, PrepareRequest, VerbContext } from '../driver.ts';
import { containerIds, findContainer, removeContainer, removeVolume } from './containers.ts';
import { copyData } from './copy-data.ts';
import { ensureContainer } from './create.ts';
import { createDockerApi } from './docker-api.ts';
import { findImage } from './find-image.ts';
import { createDockerHome, type DockerHome } from './home.ts';
import { LABEL, labelFilter } from './labels.ts';
import { describe, listInstances } from './list-instances.ts';
import { readLogs } from './logs.ts';
import { volumeName } from './names.ts';
import { removeNetworkIfUnused } from './network.ts';
import { probeDocker } from './probe.ts';
import { recipeOf } from './recipe.ts';
import { instanceUsage, resizeInstance } from './resize.ts';
import { serverUserOf } from './server-user.ts';
import { endCopiersOf, listSnapshots, removeSnapshot } from './snapshots.ts';
import { startStateless } from './start-stateless.ts';
import { startInstance } from './start.ts';
import { findStatelessImage, versionInName } from './stateless-image.ts';
import { storageBytes } from './storage-bytes.ts';
import { suspendInstance } from './suspend.ts';
import { ensureTemplate } from './template.ts';
import { watchContainers } from './watch.ts';

export interface DockerDriverDeps {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger?: Logger;
}

export interface DockerDriverOptions {
  readonly homeId: string;
  /** The process's environment, as data: DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, HOME, SSH_AUTH_SOCK ... */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the vendor's image may be pulled when no image is here. */
  readonly pull: boolean;
  /** Of the machine the agent runs on. */
  readonly platform: NodeJS.Platform;
  /** A slower swap is not hibernated to; 50 MB/s if left out. */
  readonly slowestSwapBytesPerSecond?: number;
}

/** One container per compute, on whichever Docker engine the environment names. Connects at the first use. */
export function createDockerDriver(
  { engine, clock, logger = createSilentLogger() }: DockerDriverDeps,
  options: DockerDriverOptions,
): Driver {
  const api = createDockerApi(options.environment);
  const home = createDockerHome({ api, engine, clock, logger }, options);
  const closing = new AbortController();

  return {
    name: 'docker',
    capabilities: {
      get depths() {
        const canHibernate = home.hibernation.support !== null && home.hibernation.support.way !== null;
        return canHibernate ? DEPTHS : DEPTHS.filter((depth) => depth !== 'hibernated');
      },
      limits: true,
      // Not until it is known: an engine elsewhere, or in a VM, has memory of its own.
      get isOnThisHost() {
        return home.knownFacts()?.reach.kind === 'direct';
      },
      stateless: true,
    },
    probe: (signal) => probeDocker(home, signal),
    async prepare(request, context) {
      if (request.isStateless) return prepareStateless(home, request, context);
      const { id, reference, version } = await findImage(home, request, context);
      const template = await ensureTemplate(home, id, context);
      return { image: reference, version, recipe: recipeOf(template) };
    },
    async create(spec, context) {
      // One that keeps nothing is made by its start.
      if (spec.stateless === null) await ensureContainer(home, spec, context);
    },
    start: (spec, context) =>
      spec.stateless === null
        ? startInstance(home, spec, context)
        : startStateless(home, spec, spec.stateless, context),
    suspend: (id, depth, context) => suspendInstance(home, id, depth, context),
    noteReady: (id) => void home.cpuLoans.takeBack(id),
    resize: (id, cu, context) => resizeInstance(home, id, cu, context),
    usage: (id, signal) => instanceUsage(home, id, signal),
    remove: (id, context) => removeInstance(home, id, context),
    async purge(id, context) {
      home.identities.delete(id);
      await removeInstance(home, id, context);
      await endCopiersOf(home, id, context.signal);
      await removeVolume(home, volumeName(options.homeId, id), 'delete the data of a compute', context.signal);
      await removeNetworkIfUnused(home, context.signal);
    },
    copyData: (request, context) => copyData(home, request, context),
    removeSnapshot: (snapshot, { signal }) => removeSnapshot(home, snapshot, signal),
    listSnapshots: (signal) => listSnapshots(home, signal),
    inspect: (id, signal) => inspectInstance(home, id, signal),
    list: (signal) => listInstances(home, signal),
    listData: (signal) => listData(home, signal),
    watch(listener) {
      const ended = new AbortController();
      void watchContainers(home, listener, AbortSignal.any([closing.signal, ended.signal]));
      return { [Symbol.dispose]: () => ended.abort() };
    },
    logs: (id, logOptions, signal) => readLogs(home, id, logOptions, signal),
    storageBytes: (id, signal) => storageBytes(home, id, signal),
    async close() {
      closing.abort();
      await home.cpuLoans.close();
    },
  };
}

async function prepareStateless(home: DockerHome, request: PrepareRequest, context: VerbContext): Promise<Prepared> {
  const image = await findStatelessImage(home, request.image, context);
  await serverUserOf(home, image, image.reference, context.signal);
  return { image: image.reference, version: versionInName(image.reference), recipe: image.Id };
}

async function removeInstance(home: DockerHome, id: InstanceId, { signal }: VerbContext): Promise<void> {
  home.left.delete(id);
  home.asked.set(id, new Set(['die', 'destroy', 'unpause']));
  for (const containerId of await containerIds(home, signal, id)) {
    await removeContainer(home, containerId, 'remove the container of a compute', signal);
  }
}

async function inspectInstance(home: DockerHome, id: InstanceId, signal: AbortSignal): Promise<Instance | null> {
  const container = await findContainer(home, id, signal);
  if (container === null) return null;
  const { reach } = await home.facts(signal);
  return describe(home, container, reach, signal);
}

async function listData({ api, homeId }: DockerHome, signal: AbortSignal): Promise<readonly string[]> {
  const filters = { label: labelFilter(homeId, 'data') };
  const { Volumes: volumes } = await api.run('list volumes', signal, (docker) => docker.listVolumes({ filters }));
  return volumes.flatMap(({ Labels: labels }) => labels[LABEL.compute] ?? []);
}
