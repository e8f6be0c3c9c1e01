import type { MemoryUse } from './judge.ts';

/** One container's memory, and one way to have the kernel move it to swap. The container is frozen all the while. */
export interface ReclaimWay {
  readMemory(): Promise<MemoryUse>;
  /**
   * As far as it goes: that the kernel cannot do more is an answer and no error. Leaves every limit as it was.
   * @returns what is left
   * @throws the signal's reason
   */
  reclaim(before: MemoryUse, signal: AbortSignal): Promise<MemoryUse>;
}
