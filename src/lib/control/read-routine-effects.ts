import { createDeadline } from '../clock.ts';
import type { RoutineEffects } from '../engines/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { agentTarget, type Core } from './core.ts';

const TIMEOUT_MS = 10_000;

/** What routines of a running server may do to sessions that use them. What cannot be found out is taken for the worst. */
export async function readRoutineEffects(core: Core, computeId: string): Promise<RoutineEffects> {
  const compute = core.store.getCompute(computeId);
  const { endpoint } = core.cells.of(computeId);
  if (compute === null || endpoint === null) return 'hidden';
  using deadline = createDeadline(
    TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `compute "${compute.name}" did not say in time what its routines do`),
  );
  try {
    return await core.engines[compute.engine].readRoutineEffects(agentTarget(core, compute, endpoint), deadline.signal);
  } catch (error) {
    const { message } = toDozeError(error);
    core.logger.warn({ compute: compute.name, error: message }, 'could not find out what its routines do');
    return 'hidden';
  }
}
