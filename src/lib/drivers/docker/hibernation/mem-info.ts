export interface MemInfo {
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

/** Reads the text of /proc/meminfo; what it does not say is 0. */
export function readMemInfo(text: string): MemInfo {
  const bytesOf = (field: string): number => {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
  };
  return { swapTotalBytes: bytesOf('SwapTotal'), swapFreeBytes: bytesOf('SwapFree') };
}
