import { describe, expect, it } from 'vitest';

import type { CgroupFiles } from '../../../../../src/lib/drivers/docker/hibernation/cgroup-files.ts';
import { createReclaimV2, forbidSwap } from '../../../../../src/lib/drivers/docker/hibernation/reclaim-v2.ts';

const MIB = 1024 ** 2;
const SIGNAL = new AbortController().signal;

/** A kernel that reclaims what may go, as `memory.reclaim` does. */
function createKernel({ resident = 400, stuck = 2, swapLimit = '0', swapRoom = Infinity } = {}) {
  const state = { resident: resident * MIB, swapped: 0, swapLimit, asked: [] as number[], dies: false };
  const files: CgroupFiles = {
    directory: '/cgroup',
    read: (name) =>
      Promise.resolve(
        {
          'memory.current': String(state.resident),
          'memory.swap.current': String(state.swapped),
          'memory.swap.max': state.swapLimit,
          'memory.stat': `anon ${state.resident}\nfile 0\nshmem 0`,
        }[name] ?? '',
      ),
    write(name, value) {
      if (name === 'memory.swap.max') {
        state.swapLimit = value;
        return Promise.resolve();
      }
      expect(name).toBe('memory.reclaim');
      const wanted = Number(value);
      state.asked.push(wanted);
      const room = state.swapLimit === 'max' ? swapRoom * MIB - state.swapped : 0;
      const moved = Math.max(0, Math.min(wanted, state.resident - stuck * MIB, room));
      state.resident -= moved;
      state.swapped += moved;
      return moved < wanted
        ? Promise.reject(Object.assign(new TypeError('again'), { code: 'EAGAIN' }))
        : Promise.resolve();
    },
  };
  return { files, state };
}

describe('asking cgroup v2 to reclaim', () => {
  it('goes on in steps until the kernel has no more to give, and takes that for an answer', async () => {
    const { files, state } = createKernel();
    const way = createReclaimV2(files);
    const before = await way.readMemory();
    const after = await way.reclaim(before, SIGNAL);
    expect(after).toEqual({ residentBytes: 2 * MIB, anonymousBytes: 2 * MIB, swappedBytes: 398 * MIB });
    expect(Math.max(...state.asked)).toBe(32 * MIB);
  });

  it('lets it swap only for as long as it takes', async () => {
    const { files, state } = createKernel({ swapLimit: '0' });
    const way = createReclaimV2(files);
    await way.reclaim(await way.readMemory(), SIGNAL);
    expect(state.swapLimit).toBe('0');
  });

  it('forbids swap again when it is cut short', async () => {
    const { files, state } = createKernel();
    const way = createReclaimV2(files);
    const before = await way.readMemory();
    await expect(way.reclaim(before, AbortSignal.abort(new TypeError('enough')))).rejects.toThrow('enough');
    expect(state.swapLimit).toBe('0');
    expect(state.asked).toEqual([]);
  });

  it('ends when the swap is full', async () => {
    const { files } = createKernel({ swapRoom: 100 });
    const way = createReclaimV2(files);
    const after = await way.reclaim(await way.readMemory(), SIGNAL);
    expect(after.residentBytes).toBe(300 * MIB);
  });

  it('works where the kernel does not limit swap', async () => {
    const { files, state } = createKernel({ swapLimit: '' });
    const way = createReclaimV2(files);
    await way.reclaim(await way.readMemory(), SIGNAL);
    expect(state.swapLimit).toBe('');
  });

  it.each([
    ['max', '0'],
    ['0', '0'],
    ['', ''],
  ])('puts a limit of "%s" that was left behind right', async (swapLimit, expected) => {
    const { files, state } = createKernel({ swapLimit });
    await forbidSwap(files);
    expect(state.swapLimit).toBe(expected);
  });
});
