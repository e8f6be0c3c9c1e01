import type { ConnectionPoolSettings } from '../../control/index.ts';

/** What one thread has of the connections that the sessions of a compute may share: they do not cross threads. */
export interface PoolShare extends ConnectionPoolSettings {
  /** At all threads together. */
  readonly ofAll: number;
}

/**
 * Each thread its part, at least one, as its sessions get none of another's: so fewer than there are threads become as many.
 * @param slot which thread, from 0
 */
export function shareOf(settings: ConnectionPoolSettings, slot: number, threads: number): PoolShare {
  const { size } = settings;
  const part = Math.floor(size / threads) + (slot < size % threads ? 1 : 0);
  return { ...settings, size: Math.max(1, part), ofAll: Math.max(size, threads) };
}
