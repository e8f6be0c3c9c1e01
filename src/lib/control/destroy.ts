import { createDeadline } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import { recordFailure } from './failure.ts';
import { leaseOver } from './lease.ts';
import { deleteAllSnapshots } from './snapshot-by-request.ts';
import { meteredMs } from './meter.ts';

export interface DestroyRequest {
  readonly isPurge: boolean;
  /** Nobody asked for it: its lease is over. */
  readonly reason?: 'lease';
}

/** Destroys whatever state it is in. Runs inside the compute's queue. */
export async function destroy(
  core: Core,
  compute: Compute,
  request: DestroyRequest,
  onProgress: (message: string) => void,
): Promise<Compute> {
  const { isPurge, reason } = request;
  if (compute.state === 'destroyed') return isPurge ? purge(core, compute) : compute;
  if (compute.state !== 'destroying') {
    const segmentLengthMs = meteredMs(core, compute.id);
    core.journal.record(compute.id, {
      type: 'destroyRequested',
      isPurge,
      segmentLengthMs,
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return removeInstance(core, core.journal.require(compute.id), request, onProgress);
}

/** The second half: the intent is on record. Idempotent. */
export async function removeInstance(
  core: Core,
  compute: Compute,
  { isPurge, reason }: DestroyRequest,
  onProgress: (message: string) => void,
): Promise<Compute> {
  const driver = driverOf(core, compute);
  const cell = core.cells.of(compute.id);
  try {
    await core.gate.close(compute.id, ...(reason === 'lease' ? [leaseOver(compute).message] : []));
    cell.endpoint = null;
    using verb = deadlineFor(core, compute, 'removing its instance');
    const context = { signal: verb.signal, onProgress };
    // A clean shutdown first: the data may be wanted back.
    if (!isPurge) await driver.suspend(compute.id, 'removed', context);
    await driver.remove(compute.id, context);
  } catch (error) {
    throw await recordFailure(core, compute, error);
  }
  const keptUntilMs = core.clock.wallMs() + (isPurge ? 0 : core.settings.keepDestroyedMs);
  const destroyed = core.journal.record(compute.id, { type: 'destroyed', keptUntilMs });
  return isPurge ? purge(core, destroyed) : destroyed;
}

/** Deletes the data of a destroyed compute for good. The effect comes first: a half-done purge is done again. */
export async function purge(core: Core, compute: Compute): Promise<Compute> {
  if (compute.keptUntilMs === null) return compute;
  await deleteAllSnapshots(core, compute);
  using verb = deadlineFor(core, compute, 'deleting its data');
  await driverOf(core, compute).purge(compute.id, { signal: verb.signal, onProgress: () => undefined });
  // Before the record that ends it: nobody would look for them after that.
  core.store.deleteSecrets(compute.id);
  const purged = core.journal.record(compute.id, { type: 'purged' });
  core.cells.forget(compute.id);
  return purged;
}

function deadlineFor(core: Core, compute: Compute, what: string) {
  const limitMs = core.settings.verbTimeoutMs;
  return createDeadline(
    limitMs,
    () => new DozeError('TIMED_OUT', `compute "${compute.name}": ${what} took more than ${limitMs / 1000} s`),
  );
}
