import { createDeadline } from '../clock.ts';
import type { Driver, SnapshotData } from '../drivers/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { clearUnfinished } from './snapshot-by-request.ts';

const LIST_TIMEOUT_MS = 30_000;

/**
 * Once, before anything new is made: undoes or finishes what a dead agent had begun. Data that no record knows is
 * removed only if it never was whole; else a person has to look at it.
 */
export async function reconcileSnapshots(core: Core): Promise<void> {
  const unfinished = new Set(
    core.store
      .listSnapshots()
      .filter(({ state }) => state !== 'ready')
      .map(({ computeId }) => computeId),
  );
  for (const computeId of unfinished) {
    await core.cells.of(computeId).queue.run(() => quietly(core, computeId, () => clear(core, computeId)));
  }
  for (const driver of core.drivers.all()) await quietly(core, null, () => sweep(core, driver));
}

async function clear(core: Core, computeId: string): Promise<void> {
  await clearUnfinished(core, core.journal.require(computeId));
}

async function sweep(core: Core, driver: Driver): Promise<void> {
  using deadline = createDeadline(LIST_TIMEOUT_MS, () => noAnswer(driver));
  const context = { signal: deadline.signal, onProgress: () => undefined };
  for (const data of await listOf(driver, deadline.signal)) {
    // Looked at each time: one may have been made since the list.
    if (core.store.listSnapshots(data.computeId).some(({ id }) => id === data.snapshotId)) continue;
    const { computeId, snapshotId, isComplete } = data;
    core.logger.warn({ computeId, snapshotId, isComplete, driver: driver.name }, 'a snapshot that no record knows');
    if (!isComplete) await driver.removeSnapshot(data, context);
  }
}

/** A driver that nobody uses may well be missing on this host. */
async function listOf(driver: Driver, signal: AbortSignal): Promise<readonly SnapshotData[]> {
  try {
    return await driver.listSnapshots(signal);
  } catch (error) {
    if (error instanceof DozeError && error.entry.kind === 'environment') return [];
    throw error;
  }
}

async function quietly(core: Core, computeId: string | null, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    core.logger.warn(
      { computeId, error: toDozeError(error).message },
      'snapshots could not be put right; they will be',
    );
  }
}

function noAnswer(driver: Driver): DozeError {
  return new DozeError('TIMED_OUT', `the ${driver.name} driver did not answer in time`);
}
