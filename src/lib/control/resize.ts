import { createDeadline } from '../clock.ts';
import { memoryBytes, type Compute, type ResizeReason } from '../domain/index.ts';
import type { VerbContext } from '../drivers/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { agentTarget, driverOf, type Core } from './core.ts';
import { meteredMs, beginMetering } from './meter.ts';

export interface ResizeRequest {
  readonly cu: number;
  readonly reason: ResizeReason;
  readonly load: Readonly<Record<string, number>> | null;
}

/** Bounds how long a suspend or another operation waits behind it. */
const RESIZE_TIMEOUT_MS = 30_000;
const FREEING_TIMEOUT_MS = 5_000;
const POLL_MS = 100;
/** Of the new limit; the driver's own bound is higher. */
const FITTING_SHARE = 0.85;

/**
 * Gives an active compute another size while its clients go on. Larger: on record, then the limits, then the server.
 * Smaller: the server gives up its memory first, then it is on record, then the limits. So the record is never smaller than
 * what is held, and what a dead agent left half done is put right by doing it again. Runs inside the compute's queue.
 * @throws RESIZE_REFUSED, and then the compute is on record as it is
 */
export async function resize(core: Core, compute: Compute, request: ResizeRequest): Promise<Compute> {
  const { name, size } = compute;
  using deadline = createDeadline(
    RESIZE_TIMEOUT_MS,
    () => new DozeError('RESIZE_REFUSED', `compute "${name}" was not resized within ${RESIZE_TIMEOUT_MS / 1000} s`),
  );
  const context = { signal: deadline.signal, onProgress: () => undefined };
  if (request.cu < size.now) return await shrink(core, compute, request, context);
  const cu = core.room.growableCu(compute, request.cu);
  core.cells.of(compute.id).unmetCu = cu < request.cu ? request.cu : null;
  if (cu === size.now && cu < request.cu) return compute;
  const after =
    cu === size.now
      ? compute
      : recordSize(core, compute, { ...request, cu, message: bound(core, compute, cu, request.cu) });
  await setLimits(core, compute, after, context);
  // What the load asked for is more than a cache, and the rest of it is there; whoever looks next finds it missing.
  if (request.reason === 'load' && cu > size.now) await restoreServer(core, after);
  else await resizeServer(core, compute, cu, context);
  return after;
}

/** What it gives back is nobody's until it has really given it. */
async function shrink(core: Core, compute: Compute, request: ResizeRequest, context: VerbContext): Promise<Compute> {
  using _kept = core.room.keep(compute);
  core.cells.of(compute.id).unmetCu = null;
  await shrinkServer(core, compute, request.cu, context);
  const after = recordSize(core, compute, { ...request, message: null });
  await setLimits(core, compute, after, context);
  return after;
}

/** For the record: why it is not as large as was asked for. */
function bound(core: Core, compute: Compute, cu: number, wantedCu: number): string | null {
  return cu === wantedCu ? null : `asked for ${wantedCu} CU: ${core.room.whyBound(compute, wantedCu)}`;
}

/** Puts the limits of an instance right that are not those of the record. Runs inside the compute's queue. */
export async function enforceLimits(core: Core, compute: Compute, foundCu: number): Promise<void> {
  using deadline = createDeadline(
    RESIZE_TIMEOUT_MS,
    () => new DozeError('RESIZE_REFUSED', `the limits of compute "${compute.name}" could not be put right in time`),
  );
  const context = { signal: deadline.signal, onProgress: () => undefined };
  const before = { ...compute, size: { ...compute.size, now: foundCu } };
  await setLimits(core, before, compute, context);
}

async function setLimits(core: Core, before: Compute, after: Compute, context: VerbContext): Promise<void> {
  try {
    await driverOf(core, after).resize(after.id, after.size.now, context);
  } catch (error) {
    const { message } = toDozeError(error);
    const { now: cu } = before.size;
    if (cu !== after.size.now) recordSize(core, after, { cu, reason: 'undone', load: null, message });
    if (cu > after.size.now) await restoreServer(core, before);
    throw error;
  }
}

/** The meter of the old size ends where that of the new one begins. */
function recordSize(
  core: Core,
  compute: Compute,
  request: ResizeRequest & { readonly message: string | null },
): Compute {
  const after = core.journal.record(compute.id, {
    type: 'resized',
    fromCu: compute.size.now,
    ...request,
    segmentLengthMs: meteredMs(core, compute.id) ?? 0,
    segmentStartedAtMs: core.clock.wallMs(),
  });
  beginMetering(core, compute.id);
  return after;
}

async function shrinkServer(core: Core, compute: Compute, cu: number, context: VerbContext): Promise<void> {
  try {
    await resizeServer(core, compute, cu, context);
    await awaitRoom(core, compute, cu, context);
  } catch (error) {
    await restoreServer(core, compute);
    throw error;
  }
}

async function awaitRoom(core: Core, compute: Compute, cu: number, { signal }: VerbContext): Promise<void> {
  const driver = driverOf(core, compute);
  if (!driver.capabilities.limits) return;
  const untilMs = core.clock.monotonicMs() + FREEING_TIMEOUT_MS;
  for (;;) {
    const usage = await driver.usage(compute.id, signal);
    if (usage === null || usage.memoryBytes <= FITTING_SHARE * memoryBytes(cu)) return;
    if (core.clock.monotonicMs() >= untilMs) {
      const mib = Math.ceil(usage.memoryBytes / 1024 ** 2);
      throw new DozeError('RESIZE_REFUSED', `its server holds ${mib} MiB, too much for ${cu} CU`);
    }
    await core.clock.sleep(POLL_MS, signal);
  }
}

/** One that keeps nothing is as its image made it. */
async function resizeServer(core: Core, compute: Compute, cu: number, { signal }: VerbContext): Promise<void> {
  const { endpoint } = core.cells.of(compute.id);
  if (endpoint === null || compute.storage !== undefined) return;
  await core.engines[compute.engine].resize(agentTarget(core, compute, endpoint), cu, signal);
}

async function restoreServer(core: Core, compute: Compute): Promise<void> {
  using deadline = createDeadline(
    RESIZE_TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `the server of "${compute.name}" was not put back in time`),
  );
  const context = { signal: deadline.signal, onProgress: () => undefined };
  try {
    await resizeServer(core, compute, compute.size.now, context);
  } catch (error) {
    // The next look at its load finds the difference.
    core.logger.debug({ compute: compute.name, error: toDozeError(error).message }, 'the server keeps a smaller cache');
  }
}
