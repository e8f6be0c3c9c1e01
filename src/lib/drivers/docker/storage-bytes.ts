import type { InstanceId } from '../driver.ts';
import { findContainer } from './containers.ts';
import { askSupervisor } from './give-order.ts';
import type { DockerHome } from './home.ts';
import { isStateless } from './labels.ts';
import { readSize } from './supervisor.ts';

/**
 * Asked inside the container, as the volume may be on another machine and Docker's own figure walks through every
 * volume there is. Null unless the container runs.
 */
export async function storageBytes(home: DockerHome, id: InstanceId, signal: AbortSignal): Promise<number | null> {
  const container = await findContainer(home, id, signal);
  if (container?.State.Status !== 'running' || isStateless(container)) return null;
  const question = { order: 'size', readAnswer: readSize };
  return askSupervisor(home, container.Id, question, 'measure the data of a compute', signal);
}
