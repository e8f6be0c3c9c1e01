import { createDeadline } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { knownAccounts, refreshAccounts } from './account-cache.ts';
import { agentTarget, type Core } from './core.ts';

/** Who woke it has its first row by then: logging in and reading it take 3 ms. */
const PAUSE_MS = 50;
/** To grow takes as much CPU as a third of a start: where many wake at once, all of them have their first row before. */
const OTHERS_PAUSE_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const TIMEOUT_MS = 30_000;

/**
 * What a server that has just started is still owed, behind its first client's back: its accounts are read again, which it had
 * to itself while it slept, and it takes the cache of its size, in the compute's queue, so that no suspend overtakes it. Never
 * rejects: what is missed, as by an agent that dies here, is found by the next look at accounts and at load.
 */
export async function settleIn(core: Core, active: Compute): Promise<void> {
  // Whoever comes to one that never slept has to be asked for a password that the gateway does not know yet.
  if (knownAccounts(core, active.id) === null) void refreshAccounts(core, active.id);
  try {
    await core.clock.sleep(PAUSE_MS);
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && isAnyStarting(core); waitedMs += OTHERS_PAUSE_MS) {
      await core.clock.sleep(OTHERS_PAUSE_MS);
    }
    await refreshAccounts(core, active.id);
    // One that keeps nothing is as its image made it.
    if (active.storage !== undefined) return;
    await core.cells.of(active.id).queue.run(() => settle(core, active));
  } catch (error) {
    core.logger.debug({ compute: active.name, error: toDozeError(error).message }, 'the server keeps a smaller cache');
  }
}

function isAnyStarting({ store }: Core): boolean {
  return store.listComputes({ states: ['creating', 'resuming'] }).length > 0;
}

async function settle(core: Core, { id, name, seq }: Compute): Promise<void> {
  const compute = core.store.getCompute(id);
  const { endpoint } = core.cells.of(id);
  // Something else has happened to it since, or was asked of it: that sees to the rest.
  if (compute?.seq !== seq || endpoint === null) return;
  using deadline = createDeadline(
    TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `the server of compute "${name}" did not take the cache of its size in time`),
  );
  await core.engines[compute.engine].settleIn(agentTarget(core, compute, endpoint), compute.size.now, deadline.signal);
}
