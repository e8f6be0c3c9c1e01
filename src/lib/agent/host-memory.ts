import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

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

/** What computes could have of this machine; less than all of it where this process is limited, as in a container. */
export function usableMemoryBytes(): number {
  const limitBytes = process.constrainedMemory();
  return limitBytes > 0 ? Math.min(limitBytes, totalmem()) : totalmem();
}

/** Null where a line is missing, as on kernels before 3.14. */
export function parseMeminfo(text: string): HostMemory | null {
  const totalBytes = meminfoBytes(text, 'MemTotal');
  const availableBytes = meminfoBytes(text, 'MemAvailable');
  return totalBytes === null || availableBytes === null ? null : { totalBytes, availableBytes };
}
