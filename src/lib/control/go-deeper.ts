import type { Compute } from '../domain/index.ts';
import type { Core } from './core.ts';
import { suspendInstance, type SuspendRequest } from './suspend-instance.ts';

/**
 * Takes a suspended compute deeper, inside its queue. Nobody waits longer for it: a client that comes meanwhile turns it
 * back, or where it is too late for that, has the rest of it to wait for.
 */
export async function goDeeper(
  core: Core,
  compute: Compute,
  request: Omit<SuspendRequest, 'turnBack'>,
): Promise<Compute> {
  const cell = core.cells.of(compute.id);
  // One who came before it began is behind it in the queue.
  if (cell.wake !== null) return compute;
  cell.descent = new AbortController();
  try {
    return await suspendInstance(core, compute, { ...request, turnBack: cell.descent.signal });
  } finally {
    cell.descent = null;
  }
}
