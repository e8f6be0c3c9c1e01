import type { Compute } from '../domain/index.ts';
import type { Endpoint } from '../drivers/index.ts';
import { untilAborted } from '../clock.ts';
import { DozeError } from '../errors/index.ts';
import { bringUp, type BringUpRequest } from './bring-up.ts';
import type { Core } from './core.ts';
import { createLaps } from './laps.ts';
import { passStorage } from './pass-storage.ts';
import { settle } from './settle.ts';
import { meteredMs } from './meter.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** The endpoint of a compute that is active now, without waiting. */
export function activeEndpoint(core: Core, computeId: string): Endpoint | null {
  return core.store.getCompute(computeId)?.state === 'active' ? core.cells.of(computeId).endpoint : null;
}

/** Wakes for a client: everybody who asks at the same time shares one start and its outcome. */
export function wake(core: Core, computeId: string, signal: AbortSignal): Promise<Endpoint> {
  const endpoint = activeEndpoint(core, computeId);
  if (endpoint !== null) return Promise.resolve(endpoint);
  const cell = core.cells.of(computeId);
  cell.descent?.abort();
  if (cell.wake === null) {
    const askedAtMs = core.clock.monotonicMs();
    cell.wake = cell.queue
      .run(() => resume(core, computeId, { cause: 'wake', askedAtMs, onProgress: () => undefined }))
      .then(() => requireEndpoint(core, computeId))
      .finally(() => (cell.wake = null));
    // Its waiters may all have left by the time it fails.
    cell.wake.catch(() => undefined);
  }
  return untilAborted(cell.wake, signal);
}

export type ResumeRequest = Omit<BringUpRequest, 'phasesMs'>;

/** Makes a suspended or failed compute active; nothing to do if it is. Runs inside the compute's queue. */
export async function resume(core: Core, computeId: string, request: ResumeRequest): Promise<Compute> {
  // A failure that comes to light only now may be an old one: nobody has to wait for that.
  const isKnownFailure = core.journal.require(computeId).state === 'failed';
  const compute = await settle(core, computeId, request.onProgress);
  if (compute.state === 'active') return compute;
  if (request.cause === 'wake' && isKnownFailure) refuseTooEarly(core, compute);
  const laps = createLaps(core.clock, request.askedAtMs);
  laps.end('queue');
  if (compute.storage !== undefined) {
    await passStorage(core, compute.storage);
    laps.end('storage');
  }
  const segmentLengthMs = meteredMs(core, computeId);
  const resuming = core.journal.record(computeId, { type: 'resumeRequested', cause: request.cause, segmentLengthMs });
  laps.end('record');
  return bringUp(core, resuming, { ...request, phasesMs: laps.phasesMs });
}

/** A server that keeps failing is not started again for every client: each failure in a row doubles the pause. */
function refuseTooEarly(core: Core, compute: Compute): void {
  const { failure } = compute;
  if (compute.state !== 'failed' || failure === null) return;
  const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failure.count - 1));
  if (core.clock.wallMs() >= failure.atMs + pauseMs) return;
  throw new DozeError('SERVER_START_FAILED', `compute "${compute.name}" failed a moment ago: ${failure.message}`, {
    hint: `doze compute show ${compute.name}`,
  });
}

function requireEndpoint(core: Core, computeId: string): Endpoint {
  const endpoint = activeEndpoint(core, computeId);
  if (endpoint !== null) return endpoint;
  const { name, state } = core.journal.require(computeId);
  throw new DozeError('STATE_CONFLICT', `compute "${name}" became ${state} right after its wake`, {
    hint: `doze compute show ${name}`,
  });
}
