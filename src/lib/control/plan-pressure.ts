import type { Compute, Depth } from '../domain/index.ts';

/** Memory of the host that the computes run on. */
export interface HostMemory {
  readonly totalBytes: number;
  /** What new work could have without swapping, as the kernel estimates it. */
  readonly availableBytes: number;
}

/** A compute that holds memory and is not used, and where its ladder would take it next. */
export interface IdleCompute {
  readonly compute: Compute;
  readonly idleMs: number;
  readonly nextDepth: Depth;
}

/** One that was used a moment ago will be used again: what it would free, its wake would take back at once. */
export const LEAST_IDLE_MS = 30_000;

/**
 * Which computes go deeper before their time so that the host keeps its reserve: the longest idle first, one at a time,
 * as what each gives back shows only afterwards. Pure.
 * @param reserve part of the host's memory, from 0 (never) to 1
 */
export function planPressure(memory: HostMemory, reserve: number, idle: readonly IdleCompute[]): IdleCompute | null {
  if (!isShort(memory, reserve)) return null;
  const candidates = idle.filter(({ idleMs }) => idleMs >= LEAST_IDLE_MS);
  return candidates.toSorted((a, b) => b.idleMs - a.idleMs || a.compute.id.localeCompare(b.compute.id))[0] ?? null;
}

/** Whether anything has to go deeper: on most hosts and most of the time there is nothing to choose from. */
export function isShort({ availableBytes, totalBytes }: HostMemory, reserve: number): boolean {
  return availableBytes < totalBytes * reserve;
}
