import type { Compute } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import { idleComputes, takeDownEarly } from './idle-computes.ts';
import { isShort, planPressure } from './plan-pressure.ts';

const TICK_MS = 2_000;

/** Takes the longest idle computes down their ladders early while the host is short of memory. */
export function watchMemory(core: Core): Disposable {
  let isBusy = false;
  return core.clock.every(TICK_MS, async () => {
    const memory = core.hostMemory();
    if (memory === null || isBusy || !isShort(memory, core.settings.memoryReserve)) return;
    const idle = await idleComputes(core, (compute) => holdsMemory(core, compute));
    const chosen = planPressure(memory, core.settings.memoryReserve, idle);
    if (chosen === null) return;
    isBusy = true;
    try {
      await takeDownEarly(core, chosen, 'memory');
    } catch (error) {
      const { message } = toDozeError(error);
      core.logger.warn({ compute: chosen.compute.name, error: message }, 'could not be taken deeper for memory');
    } finally {
      isBusy = false;
    }
  });
}

/**
 * Awake without use, or frozen. Memory that is not this host's is nothing to give back here; what hibernates has given it
 * back already.
 */
function holdsMemory(core: Core, compute: Compute): boolean {
  if (!driverOf(core, compute).capabilities.isOnThisHost) return false;
  return compute.state === 'active' || compute.depth === 'frozen';
}
