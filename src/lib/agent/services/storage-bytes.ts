import { createDeadline } from '../../clock.ts';
import type { Compute } from '../../domain/index.ts';
import type { Driver } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';

const LOOK_MS = 2_000;

/** Null when it cannot be told in a moment: what else there is to show does not wait for a slow disk or Docker. */
export async function storageBytes(driver: Driver, compute: Compute, signal: AbortSignal): Promise<number | null> {
  using deadline = createDeadline(LOOK_MS, () => new DozeError('TIMED_OUT', 'its data could not be measured'), signal);
  try {
    return await driver.storageBytes(compute.id, deadline.signal);
  } catch (error) {
    if (error instanceof DozeError && error.entry.kind === 'environment') return null;
    throw error;
  }
}
