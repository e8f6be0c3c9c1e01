import { createDeadline } from '../../clock.ts';
import type { Pool } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Core } from '../core.ts';
import { listSpares } from './spares.ts';

const INSPECT_TIMEOUT_MS = 10_000;

/** Spares that are not parked any more (Docker was restarted, somebody removed a container) are to be made whole again. */
export async function putAside(core: Core, image: Pool['image'], signal: AbortSignal): Promise<void> {
  for (const { id, pool, driver: name } of listSpares(core)) {
    if (pool !== image) continue;
    const driver = core.drivers.get(name);
    using deadline = createDeadline(INSPECT_TIMEOUT_MS, () => noAnswer(name), signal);
    const instance = await driver.inspect(id, deadline.signal);
    // It may have become a compute's meanwhile, or be about to.
    const current = listSpares(core).find((spare) => spare.id === id);
    if (current?.state !== 'ready' || core.pool.reserved.has(id) || instance?.state === 'parked') continue;
    core.store.putSpare({ ...current, state: 'making' });
  }
}

function noAnswer(driver: string): DozeError {
  return new DozeError('TIMED_OUT', `the ${driver} driver did not answer in time`);
}
