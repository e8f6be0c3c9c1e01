import type { HourUsage } from '../../src/lib/metering/index.ts';

/** An hour of a compute that used nothing but what is said. */
export function usedHour(changes: Partial<HourUsage> = {}): HourUsage {
  return {
    hourMs: 0,
    project: 'default',
    computeId: 'c1',
    compute: 'shop',
    activeMs: 0,
    quarterCuMs: 0,
    frozenMs: 0,
    hibernatedMs: 0,
    storageByteSeconds: 0,
    bytesIn: 0,
    bytesOut: 0,
    queries: 0,
    wakes: 0,
    ...changes,
  };
}
