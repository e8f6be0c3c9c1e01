import { memoryBytes } from '../../domain/index.ts';
import type { Endpoint, InstanceSpec, StartContext } from '../driver.ts';
import { thawContainer } from './freezing.ts';
import type { DockerHome } from './home.ts';
import { giveIdentity } from './give-identity.ts';
import { launchServer } from './launch-server.ts';

/** No such container, or it does not run: what was left is not there any more. */
const GONE = [404, 409];

/**
 * Wakes an instance as our own last suspend left it, by the one request that it takes: to look at it first would cost
 * a few milliseconds of each wake.
 * @returns null when that is not how it is any more, and it has to be looked at
 */
export async function wakeLeft(
  home: DockerHome,
  spec: InstanceSpec,
  { signal, listener }: StartContext,
): Promise<Endpoint | null> {
  const left = home.left.get(spec.computeId);
  home.left.delete(spec.computeId);
  // One of another size has to be given that first.
  if (left?.container.HostConfig.MemorySwap !== memoryBytes(spec.cu)) return null;
  const doing = `start compute "${spec.name}"`;
  if (left.depth === 'parked') await giveIdentity(home, spec, left.container.Id, doing, signal);
  const isUp =
    left.depth === 'frozen'
      ? await thawContainer(home, left.container, doing, signal)
      : await launchServer(home, left.container, doing, signal, { refusals: GONE, listener });
  return isUp ? left.endpoint : null;
}
