import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { abortReason } from '../../clock.ts';
import { orNull } from './read-if-there.ts';

const BLOCK_BYTES = 512;

/** Bytes on disk below a directory; null if it is not there. Files that vanish meanwhile count nothing. */
export async function diskUsage(directory: string, signal: AbortSignal): Promise<number | null> {
  if (signal.aborted) throw abortReason(signal);
  const entries = await orNull(readdir(directory, { withFileTypes: true }));
  if (entries === null) return null;
  let total = 0;
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) total += (await diskUsage(path, signal)) ?? 0;
    else total += ((await orNull(lstat(path)))?.blocks ?? 0) * BLOCK_BYTES;
  }
  return total;
}
