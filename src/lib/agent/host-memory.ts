import { readFileSync } from 'node:fs';

import type { HostMemory } from '../control/index.ts';
import { meminfoBytes } from '../domain/index.ts';

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
  const totalBytes = meminfoBytes(text, 'MemTotal');
  const availableBytes = meminfoBytes(text, 'MemAvailable');
  return totalBytes === null || availableBytes === null ? null : { totalBytes, availableBytes };
}
