import { untilAborted } from '../clock.ts';
import type { Endpoint } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Wake } from './cells.ts';
import type { Core } from './core.ts';
import { resumeInTurn } from './resume-in-turn.ts';
import { resume } from './resume.ts';

/** The endpoint of a compute that is active now, without waiting. */
export function activeEndpoint(core: Core, computeId: string): Endpoint | null {
  return core.store.getCompute(computeId)?.state === 'active' ? core.cells.of(computeId).endpoint : null;
}

/**
 * Wakes for a client: everybody who asks at the same time shares one start and its outcome. While it waits for its turn, it
 * does so only as long as somebody waits for it.
 */
export function wake(core: Core, computeId: string, signal: AbortSignal): Promise<Endpoint> {
  const endpoint = activeEndpoint(core, computeId);
  if (endpoint !== null) return Promise.resolve(endpoint);
  const cell = core.cells.of(computeId);
  cell.descent?.abort();
  const { wake: current } = cell;
  const shared = current === null || current.leaving.signal.aborted ? beginWake(core, computeId) : current;
  shared.waiters += 1;
  return untilAborted(shared.endpoint, signal).finally(() => {
    shared.waiters -= 1;
    if (shared.waiters === 0) shared.leaving.abort();
  });
}

function beginWake(core: Core, computeId: string): Wake {
  const cell = core.cells.of(computeId);
  const leaving = new AbortController();
  const request = {
    cause: 'wake',
    askedAtMs: core.clock.monotonicMs(),
    onProgress: () => undefined,
    gone: leaving.signal,
  } as const;
  const begun: Wake = {
    endpoint: cell.queue
      .run(() => resume(core, computeId, request))
      .then((active) => active ?? resumeInTurn(core, computeId, request))
      .then(() => requireEndpoint(core, computeId))
      .finally(() => {
        if (cell.wake === begun) cell.wake = null;
      }),
    waiters: 0,
    leaving,
  };
  // Its waiters may all have left by the time it fails.
  begun.endpoint.catch(() => undefined);
  cell.wake = begun;
  return begun;
}

function requireEndpoint(core: Core, computeId: string): Endpoint {
  const endpoint = activeEndpoint(core, computeId);
  if (endpoint !== null) return endpoint;
  const { name, state } = core.journal.require(computeId);
  throw new DozeError('STATE_CONFLICT', `compute "${name}" became ${state} right after its wake`, {
    hint: `doze compute show ${name}`,
  });
}
