import { join } from 'node:path';

import type { Clock } from '../../../clock.ts';
import type { CgroupFiles } from './cgroup-files.ts';
import { readNumbers } from './cgroup-tables.ts';
import type { MemoryUse } from './judge.ts';
import type { ReclaimWay } from './way.ts';

const MOST_PASSES = 6;
/** Pages on their way to the disk stay until they are there. */
const PAUSE_MS = 20;
/** A pass that gives less back was the last. */
const LEAST_GAIN_BYTES = 256 * 1024;

/**
 * cgroup v1: `memory.force_empty`, "as many pages reclaimed as possible" (cgroup-v1/memory.rst, 5.1). No limit is
 * touched, so none can be left behind; 100 MB became 1.9 MB in 0.3 s. With memory and swap limited together, as ours
 * are, a compute never swaps by its own limit while it runs.
 */
export function createForceEmptyV1(cgroup: CgroupFiles, clock: Clock): ReclaimWay {
  const readMemory = async (): Promise<MemoryUse> => {
    const [usage, stat] = await Promise.all([cgroup.read('memory.usage_in_bytes'), cgroup.read('memory.stat')]);
    const { rss = 0, shmem = 0, swap = 0 } = readNumbers(stat);
    return { residentBytes: Number(usage), anonymousBytes: rss + shmem, swappedBytes: swap };
  };
  return {
    readMemory,
    async reclaim(before, signal) {
      let use = before;
      for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
        await forceEmpty(cgroup, signal);
        const left = await readMemory();
        const gain = use.residentBytes - left.residentBytes;
        use = left;
        if (gain < LEAST_GAIN_BYTES) break;
        await clock.sleep(PAUSE_MS, signal);
      }
      return use;
    },
  };
}

/**
 * In a process of its own: the write lasts until the kernel is through, and only a signal ends it before. What it could
 * not free it leaves, so its exit code says nothing.
 */
async function forceEmpty({ directory }: CgroupFiles, signal: AbortSignal): Promise<void> {
  const script = 'echo 0 >"$1"';
  const args = ['-c', script, 'force-empty', join(directory, 'memory.force_empty')];
  const { execa } = await import('execa');
  await execa('/bin/sh', args, { cancelSignal: signal, reject: false, stdio: 'ignore' });
  signal.throwIfAborted();
}
