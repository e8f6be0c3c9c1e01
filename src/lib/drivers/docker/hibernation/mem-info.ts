import { meminfoBytes } from '../../../domain/index.ts';

export interface MemInfo {
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

/** Reads the text of /proc/meminfo; what it does not say is 0. */
export function readMemInfo(text: string): MemInfo {
  return {
    swapTotalBytes: meminfoBytes(text, 'SwapTotal') ?? 0,
    swapFreeBytes: meminfoBytes(text, 'SwapFree') ?? 0,
  };
}
