import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemCode } from '../../../errors/index.ts';
import { readNumbers } from './cgroup-tables.ts';
import type { MemoryUse } from './judge.ts';
import type { ReclaimWay } from './way.ts';

const SWAP_LIMIT = 'memory.swap.max';
/** A step lasts some tenths of a second at most: in between, whoever gave up waiting is obeyed. */
const STEP_BYTES = 32 * 1024 ** 2;
/** Steps in a row in which the kernel finds less than it was asked for, until that is taken for its last word. */
const MOST_REFUSALS = 3;

/** cgroup v2: `memory.reclaim` (Linux 5.19). */
export function createReclaimV2(directory: string): ReclaimWay {
  const readNumber = async (name: string): Promise<number> => Number(await read(directory, name));
  const readMemory = async (): Promise<MemoryUse> => {
    const [residentBytes, swappedBytes, stat] = await Promise.all([
      readNumber('memory.current'),
      readNumber('memory.swap.current'),
      read(directory, 'memory.stat'),
    ]);
    const { anon = 0, shmem = 0 } = readNumbers(stat);
    return { residentBytes, anonymousBytes: anon + shmem, swappedBytes };
  };
  return {
    readMemory,
    async reclaim({ residentBytes }, signal) {
      await using _allowed = await allowSwap(directory);
      let refusals = 0;
      for (let asked = 0; asked < 2 * residentBytes && refusals < MOST_REFUSALS; asked += STEP_BYTES) {
        signal.throwIfAborted();
        const left = await readNumber('memory.current');
        if (left === 0) break;
        const isDone = await reclaimStep(directory, Math.min(left, STEP_BYTES));
        refusals = isDone ? 0 : refusals + 1;
      }
      return readMemory();
    },
  };
}

/** @returns false when the kernel found less than that. EAGAIN: cgroup-v2.rst, memory.reclaim. */
async function reclaimStep(directory: string, bytes: number): Promise<boolean> {
  try {
    await writeFile(join(directory, 'memory.reclaim'), String(bytes));
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
async function allowSwap(directory: string): Promise<AsyncDisposable> {
  const limit = (await read(directory, SWAP_LIMIT)).trim();
  const set = async (value: string): Promise<void> =>
    limit === '' ? undefined : writeFile(join(directory, SWAP_LIMIT), value);
  await set('max');
  return { [Symbol.asyncDispose]: () => set(limit) };
}

/** Forbids swap again where an agent died before it could. */
export async function forbidSwap(directory: string, limitBytes: number): Promise<void> {
  const limit = (await read(directory, SWAP_LIMIT)).trim();
  if (limit !== '' && limit !== String(limitBytes)) await writeFile(join(directory, SWAP_LIMIT), String(limitBytes));
}

/** Nothing where the kernel has no such file: one that does not count swap. */
async function read(directory: string, name: string): Promise<string> {
  try {
    return await readFile(join(directory, name), 'latin1');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}
