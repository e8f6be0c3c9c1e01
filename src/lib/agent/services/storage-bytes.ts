import { createDeadline, type Clock } from '../../clock.ts';
import type { Compute } from '../../domain/index.ts';
import type { Driver } from '../../drivers/index.ts';
import { DozeError } from '../../errors/index.ts';

const LOOK_MS = 2_000;
/** Walking through the files takes a moment of the disk each time. */
const FRESH_MS = 30_000;
/** The longest known are forgotten first. */
const MAX_KNOWN = 10_000;

/**
 * How much the data of a compute takes. The last figure stands where it cannot be told in a moment (asleep, a slow disk,
 * no Docker); null if there is none.
 */
export type StorageSizes = (driver: Driver, compute: Compute, signal: AbortSignal) => Promise<number | null>;

export function createStorageSizes(clock: Clock): StorageSizes {
  const known = new Map<string, { readonly bytes: number; readonly atMs: number }>();

  return async (driver, { id }, signal) => {
    const last = known.get(id);
    if (last !== undefined && clock.monotonicMs() - last.atMs < FRESH_MS) return last.bytes;
    const bytes = await measure(driver, id, signal);
    if (bytes === null) return last?.bytes ?? null;
    known.delete(id);
    known.set(id, { bytes, atMs: clock.monotonicMs() });
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    return bytes;
  };
}

async function measure(driver: Driver, id: string, signal: AbortSignal): Promise<number | null> {
  using deadline = createDeadline(LOOK_MS, () => new DozeError('TIMED_OUT', 'its data could not be measured'), signal);
  try {
    return await driver.storageBytes(id, deadline.signal);
  } catch (error) {
    if (error instanceof DozeError && error.entry.kind === 'environment') return null;
    throw error;
  }
}
