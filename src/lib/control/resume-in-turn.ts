import type { Compute } from '../domain/index.ts';
import type { Core } from './core.ts';
import { resumeRequestOf } from './place-request.ts';
import { resume, type ResumeRequest } from './resume.ts';

export interface TurnRequest extends ResumeRequest {
  /** Ends the wait. */
  readonly gone: AbortSignal;
}

/**
 * For who has found that there is no room: makes a compute active when its turn comes. The wait is outside of the compute's
 * queue, so that meanwhile it can be given another size, or be destroyed. Not for use inside that queue.
 */
export async function resumeInTurn(core: Core, computeId: string, request: TurnRequest): Promise<Compute> {
  for (;;) {
    using place = await core.room.take(resumeRequestOf(core, computeId), request);
    const { queue } = core.cells.of(computeId);
    const active = await queue.run(() => resume(core, computeId, { ...request, place, hasWaited: true }));
    // It was awake when its turn came, so it took nothing, and is asleep again.
    if (active !== null) return active;
  }
}
