import type { Compute } from '../domain/index.ts';
import type { Core } from './core.ts';
import { finishTransition } from './finish-transition.ts';
import { reconcileNow } from './reconcile.ts';

/**
 * A compute as it is before anything new is done to it: what was under way is finished, and one on record as active
 * whose server is not known is looked at first. Its end may have come when nothing could be put on record. Runs inside
 * the compute's queue.
 */
export async function settle(
  core: Core,
  computeId: string,
  onProgress: (message: string) => void = () => undefined,
): Promise<Compute> {
  const isLost = core.journal.require(computeId).state === 'active' && core.cells.of(computeId).endpoint === null;
  if (isLost) await reconcileNow(core, computeId);
  return finishTransition(core, core.journal.require(computeId), onProgress);
}
