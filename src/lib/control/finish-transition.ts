import type { Compute, StartCause } from '../domain/index.ts';
import { bringUp } from './bring-up.ts';
import type { Core } from './core.ts';
import { removeInstance } from './destroy.ts';
import { finishRestore } from './restore-snapshot.ts';
import { suspendInstance } from './suspend-instance.ts';

/**
 * Finishes what a dead agent had begun: the intent is on record, and every driver verb is idempotent, so doing it
 * again is right whatever was done already. Runs inside the compute's queue.
 */
export async function finishTransition(
  core: Core,
  compute: Compute,
  onProgress: (message: string) => void = () => undefined,
): Promise<Compute> {
  switch (compute.state) {
    case 'creating':
    case 'resuming': {
      const cause = compute.state === 'creating' ? 'create' : requestedCause(core, compute);
      return bringUp(core, compute, { cause, askedAtMs: core.clock.monotonicMs(), onProgress });
    }
    case 'suspending':
      return suspendInstance(core, compute, {
        depth: compute.depth ?? compute.suspendDepth,
        reason: 'request',
        onProgress,
      });
    case 'destroying':
      return removeInstance(core, compute, { isPurge: requestedPurge(core, compute) }, onProgress);
    case 'suspended':
    case 'failed':
      return finishRestore(core, compute, onProgress);
    default:
      return compute;
  }
}

/** Why the resume that is under way was asked for, so that a client's wake stays a wake in the ledger. */
function requestedCause(core: Core, compute: Compute): StartCause {
  const [last] = core.store.listEvents({ computeId: compute.id, types: ['resumeRequested'], limit: 1 });
  return last?.event.type === 'resumeRequested' ? last.event.cause : 'resume';
}

function requestedPurge(core: Core, compute: Compute): boolean {
  const [last] = core.store.listEvents({ computeId: compute.id, types: ['destroyRequested'], limit: 1 });
  return last?.event.type === 'destroyRequested' && last.event.isPurge;
}
