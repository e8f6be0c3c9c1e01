import { DozeError, hasCode } from '../../errors/index.ts';
import type { DockerApi } from './docker-api.ts';
import type { DockerHome } from './home.ts';
import { homeLabels, labelFilter } from './labels.ts';
import { networkName } from './names.ts';

const DOING = "make the network of this home's computes";

/**
 * The home's own bridge, on which the host reaches the computes, and they do not reach each other. One at a time:
 * Docker lets two that are made at once have the same name, and then takes that name for nothing any more.
 */
export async function ensureNetwork(home: DockerHome, signal: AbortSignal): Promise<void> {
  const { networksInHand: inHand, homeId } = home;
  while (inHand.has(homeId)) await inHand.get(homeId);
  const work = makeUnlessThere(home, signal);
  const ended = work.then(ignore, ignore).finally(() => inHand.delete(homeId));
  inHand.set(homeId, ended);
  await work;
}

const ignore = (): void => undefined;

async function makeUnlessThere({ api, homeId }: DockerHome, signal: AbortSignal): Promise<void> {
  const filters = { label: labelFilter(homeId, 'network') };
  const there = await api.run(DOING, signal, (docker) => docker.listNetworks({ filters }));
  const [first, ...others] = there.sort((a, b) => a.Created.localeCompare(b.Created));
  for (const { Id: id } of others) {
    // 403: in use. Two are there when another agent of this home was at it too.
    await api.runUnless([403, 404], DOING, signal, (docker) => docker.getNetwork(id).remove());
  }
  if (first !== undefined) return;
  try {
    await makeNetwork(api, homeId, signal);
  } catch (error) {
    if (!hasCode(error, 'DOCKER_FAILED')) throw error;
    // Most often no address range is left for one more network.
    throw new DozeError('DOCKER_FAILED', error.message, { hint: 'docker network prune', cause: error });
  }
}

async function makeNetwork(api: DockerApi, homeId: string, signal: AbortSignal): Promise<void> {
  // 409: made by somebody else meanwhile.
  await api.runUnless([409], DOING, signal, (docker) =>
    docker.createNetwork({
      Name: networkName(homeId),
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: homeLabels(homeId, 'network'),
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    }),
  );
}

/** Gives the network back once the home has no container: Docker has addresses for some thirty networks only. */
export async function removeNetworkIfUnused({ api, homeId }: DockerHome, signal: AbortSignal): Promise<void> {
  const filters = { label: labelFilter(homeId, 'instance') };
  const doing = 'remove the network of this home';
  const [container] = await api.run(doing, signal, (docker) => docker.listContainers({ all: true, limit: 1, filters }));
  if (container !== undefined) return;
  // 403: a container has just joined it.
  await api.runUnless([403, 404], doing, signal, (docker) => docker.getNetwork(networkName(homeId)).remove());
}
