import { DozeError, hasCode } from '../../errors/index.ts';
import type { DockerApi } from './docker-api.ts';
import type { DockerHome } from './home.ts';
import { homeLabels, labelFilter } from './labels.ts';
import { networkName } from './names.ts';

const DOING = "make the network of this home's computes";

/** The home's own bridge, on which the host reaches the computes, and they do not reach each other. */
export async function ensureNetwork({ api, homeId }: DockerHome, signal: AbortSignal): Promise<void> {
  const name = networkName(homeId);
  const existing = await api.runUnless([404], DOING, signal, (docker) => docker.getNetwork(name).inspect());
  if (existing !== null) return;
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
