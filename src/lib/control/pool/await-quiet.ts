import type { Core } from '../core.ts';

/** Whoever was started for has the machine for at least as long: the first queries come now. */
const QUIET_MS = 500;

/** Resolves when no compute is being started or woken: a spare can wait, and clients should not. */
export async function awaitQuiet(core: Core, signal: AbortSignal): Promise<void> {
  while (isStarting(core)) {
    while (isStarting(core)) await core.clock.sleep(QUIET_MS, signal);
    await core.clock.sleep(QUIET_MS, signal);
  }
  signal.throwIfAborted();
}

function isStarting({ store }: Core): boolean {
  return store.listComputes({ states: ['creating', 'resuming'] }).length > 0;
}
