import type { Compute } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { bringUp, type BringUpRequest } from './bring-up.ts';
import type { Core } from './core.ts';
import { createLaps } from './laps.ts';
import { meteredMs } from './meter.ts';
import { passStorage } from './pass-storage.ts';
import { resumeNeed, resumeRequestOf } from './place-request.ts';
import type { Place } from './places.ts';
import { settle } from './settle.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

export interface ResumeRequest extends Omit<BringUpRequest, 'phasesMs'> {
  /** What it waited for, or kept from before; left out, it takes one if there is room. */
  readonly place?: Place | null;
  readonly hasWaited?: boolean;
}

/**
 * Makes a suspended or failed compute active; nothing to do if it is. Null when its host has no room for it now: nothing was
 * done then. Runs inside the compute's queue.
 */
export async function resume(core: Core, computeId: string, request: ResumeRequest): Promise<Compute | null> {
  // A failure that comes to light only now may be an old one: nobody has to wait for that.
  const isKnownFailure = core.journal.require(computeId).state === 'failed';
  const compute = await settle(core, computeId, request.onProgress);
  if (compute.state === 'active') return compute;
  if (request.cause === 'wake' && isKnownFailure) refuseTooEarly(core, compute);
  const laps = createLaps(core.clock, request.askedAtMs);
  laps.end(request.hasWaited === true ? 'turn' : 'queue');
  if (compute.storage !== undefined) {
    await passStorage(core, compute.storage);
    laps.end('storage');
  }
  // From here to the record nothing is waited for: who asks at the same time finds this one counted.
  if (request.cause === 'wake') core.quotas.requireWake(compute);
  const place = placeFor(core, core.journal.require(computeId), request.place ?? null);
  if (place === null) return null;
  const resuming = recordResume(core, computeId, place, request);
  laps.end('record');
  return bringUp(core, resuming, { ...request, phasesMs: laps.phasesMs });
}

/** One that was given to it may be too small by now. */
function placeFor(core: Core, compute: Compute, given: Place | null): Place | null {
  if (given !== null && given.cu >= resumeNeed(compute).leastCu) return given;
  return core.room.tryTake(resumeRequestOf(core, compute.id));
}

/** From here on the record says that it takes its part of the host. */
function recordResume(core: Core, computeId: string, place: Place, { cause }: ResumeRequest): Compute {
  using taken = place;
  const { size } = core.journal.require(computeId);
  if (taken.cu < size.now)
    core.journal.record(computeId, { type: 'settingsChanged', changes: { size: { ...size, now: taken.cu } } });
  const segmentLengthMs = meteredMs(core, computeId);
  const resuming = core.journal.record(computeId, { type: 'resumeRequested', cause, segmentLengthMs });
  if (cause === 'wake') core.quotas.noteWake(resuming);
  return resuming;
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
