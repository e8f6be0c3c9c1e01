import { readFileSync } from 'node:fs';

import type { HostMemory } from '../control/index.ts';

const MEMINFO = '/proc/meminfo';

/** Null where there is no such file: not on Linux. */
export function readHostMemory(): HostMemory | null {
  try {
    return parseMeminfo(readFileSync(MEMINFO, 'utf8'));
  } catch {
    return null;
  }
}

/** Null where a line is missing, as on kernels before 3.14. */
export function parseMeminfo(text: string): HostMemory | null {
  const bytes = (name: string): number | null => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  };
  const totalBytes = bytes('MemTotal');
  const availableBytes = bytes('MemAvailable');
  return totalBytes === null || availableBytes === null ? null : { totalBytes, availableBytes };
}
