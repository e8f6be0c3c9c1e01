import { createDeadline } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { agentTarget, type Core } from './core.ts';
import type { LookRequest } from './ports.ts';

const TIMEOUT_MS = 10_000;

/**
 * Before its server's process goes, while that runs and nothing goes to it: what each session has there. Afterwards the
 * gate's blockers are all that there are, unless it was called off.
 */
export async function lookAtSessions(
  core: Core,
  compute: Compute,
  wanted: Omit<LookRequest, 'mayHideState'>,
  signal?: AbortSignal,
): Promise<void> {
  const mayHideState = await readMayHideState(core, compute);
  await core.gate.lookAtSessions(compute.id, { ...wanted, mayHideState }, signal);
}

/** What cannot be found out is taken for so. */
async function readMayHideState(core: Core, compute: Compute): Promise<boolean> {
  const { endpoint } = core.cells.of(compute.id);
  if (endpoint === null) return true;
  using deadline = createDeadline(
    TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `compute "${compute.name}" did not say in time what its routines do`),
  );
  try {
    return await core.engines[compute.engine].mayHideState(agentTarget(core, compute, endpoint), deadline.signal);
  } catch (error) {
    const { message } = toDozeError(error);
    core.logger.warn({ compute: compute.name, error: message }, 'could not find out what its sessions may hold');
    return true;
  }
}
