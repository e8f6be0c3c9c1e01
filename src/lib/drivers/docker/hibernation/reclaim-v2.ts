import { systemCode } from '../../../errors/index.ts';
import type { CgroupFiles } from './cgroup-files.ts';
import { readNumbers } from './cgroup-tables.ts';
import type { MemoryUse } from './judge.ts';
import type { ReclaimWay } from './way.ts';

const SWAP_LIMIT = 'memory.swap.max';
/** A step lasts some tenths of a second at most: in between, whoever gave up waiting is obeyed. */
const STEP_BYTES = 32 * 1024 ** 2;
/** Steps in a row in which the kernel finds less than it was asked for, until that is taken for its last word. */
const MOST_REFUSALS = 3;

/** cgroup v2: `memory.reclaim` (Linux 5.19). `memory.max` is left alone: what does not fit under it is killed. */
export function createReclaimV2(cgroup: CgroupFiles): ReclaimWay {
  const readMemory = (): Promise<MemoryUse> => readUse(cgroup);
  return {
    readMemory,
    async reclaim({ residentBytes }, signal) {
      await using _allowed = await allowSwap(cgroup);
      let refusals = 0;
      for (let asked = 0; asked < 2 * residentBytes && refusals < MOST_REFUSALS; asked += STEP_BYTES) {
        signal.throwIfAborted();
        const left = Number(await cgroup.read('memory.current'));
        if (left === 0) break;
        refusals = (await reclaimStep(cgroup, Math.min(left, STEP_BYTES))) ? 0 : refusals + 1;
      }
      return await readMemory();
    },
  };
}

async function readUse(cgroup: CgroupFiles): Promise<MemoryUse> {
  const [current, swap, stat] = await Promise.all([
    cgroup.read('memory.current'),
    cgroup.read('memory.swap.current'),
    cgroup.read('memory.stat'),
  ]);
  const { anon = 0, shmem = 0 } = readNumbers(stat);
  return { residentBytes: Number(current), anonymousBytes: anon + shmem, swappedBytes: Number(swap) };
}

/** @returns false when the kernel found less than that. EAGAIN: cgroup-v2.rst, memory.reclaim. */
async function reclaimStep(cgroup: CgroupFiles, bytes: number): Promise<boolean> {
  try {
    await cgroup.write('memory.reclaim', String(bytes));
    return true;
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return false;
    throw error;
  }
}

/**
 * A compute may not swap while it runs: its `memory.swap.max` is 0. What is in swap already may stay there when the
 * limit is lowered again; the kernel only lets no more in.
 */
async function allowSwap(cgroup: CgroupFiles): Promise<AsyncDisposable> {
  const limit = await cgroup.read(SWAP_LIMIT);
  if (limit !== '') await cgroup.write(SWAP_LIMIT, 'max');
  return {
    [Symbol.asyncDispose]: async () => {
      if (limit !== '') await cgroup.write(SWAP_LIMIT, limit);
    },
  };
}

/** Where an agent died before it could. */
export async function forbidSwap(cgroup: CgroupFiles): Promise<void> {
  const limit = await cgroup.read(SWAP_LIMIT);
  if (limit !== '' && limit !== '0') await cgroup.write(SWAP_LIMIT, '0');
}
