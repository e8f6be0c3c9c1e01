import { createDeadline } from '../../clock.ts';
import type { Compute } from '../../domain/index.ts';
import { DozeError, toDozeError } from '../../errors/index.ts';
import { driverOf, type Core } from '../core.ts';

/** Walking through the files takes a moment of the disk each time. */
const TICK_MS = 15_000;
const LOOK_MS = 5_000;

/**
 * Measures the data of what is awake where a project has a limit for it. What it was last is kept: asleep it does not grow,
 * and most cannot be measured.
 */
export function watchDataSizes(core: Core): Disposable {
  let isBusy = false;
  return core.clock.every(TICK_MS, async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (const { name, limits } of core.store.listProjects()) {
        if (limits.storageBytes === undefined) continue;
        for (const compute of core.store.listComputes({ project: name, states: ['active'] })) {
          await measure(core, compute);
        }
      }
    } catch (error) {
      core.logger.warn({ error: toDozeError(error).message }, 'the sizes of computes could not be looked at');
    } finally {
      isBusy = false;
    }
  });
}

async function measure(core: Core, compute: Compute): Promise<void> {
  if (compute.storage !== undefined) return;
  using deadline = createDeadline(LOOK_MS, () => new DozeError('TIMED_OUT', 'its data could not be measured in time'));
  try {
    const bytes = await driverOf(core, compute).storageBytes(compute.id, deadline.signal);
    if (bytes !== null) core.store.putDataSize(compute.id, bytes);
  } catch (error) {
    core.logger.debug({ compute: compute.name, error: toDozeError(error).message }, 'its data was not measured');
  }
}
