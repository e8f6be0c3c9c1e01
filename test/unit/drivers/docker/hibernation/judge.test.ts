import { describe, expect, it } from 'vitest';

import { whyNotDone, whyNotNow } from '../../../../../src/lib/drivers/docker/hibernation/judge.ts';
import { isTooSlow, measurePace } from '../../../../../src/lib/drivers/docker/hibernation/pace.ts';

const MIB = 1024 ** 2;

function use(residentMib: number, anonymousMib = residentMib) {
  return { residentBytes: residentMib * MIB, anonymousBytes: anonymousMib * MIB, swappedBytes: 0 };
}

describe('whether to hibernate now', () => {
  it.each([
    ['room for all that is anonymous and something over', 300, false],
    ['room for just that', 200, true],
    ['no room', 0, true],
  ])('depends on a swap with %s', (_title, freeMib, isRefused) => {
    const swap = { freeBytes: freeMib * MIB, pace: null, slowestBytesPerSecond: 50e6, nowMs: 0 };
    expect(whyNotNow(use(900, 200), swap)).toEqual(isRefused ? expect.stringContaining('too little room') : null);
  });

  it('is tried where the swap cannot be asked', () => {
    expect(whyNotNow(use(900), { freeBytes: null, pace: null, slowestBytesPerSecond: 50e6, nowMs: 0 })).toBeNull();
  });

  it('is not tried while the swap is known to be slow', () => {
    const pace = { bytesPerSecond: [10e6, 10e6, 10e6], atMs: 0 };
    const swap = { freeBytes: 999 * MIB, pace, slowestBytesPerSecond: 50e6, nowMs: 1000 };
    expect(whyNotNow(use(90), swap)).toContain('slower');
  });
});

describe('whether it is hibernated', () => {
  it.each([
    [100, 2, true],
    [100, 16, true],
    [100, 50, false],
    [4000, 300, true],
    [4000, 2000, false],
  ])('with %i MiB before and %i MiB after is %s', (before, after, isDone) => {
    expect(whyNotDone(use(before), use(after)) === null).toBe(isDone);
  });
});

describe('the pace of the swap', () => {
  it('is measured on enough bytes only', () => {
    expect(measurePace(null, 1 * MIB, 1000, 5)).toBeNull();
    expect(measurePace(null, 100 * MIB, 1000, 5)).toEqual({ bytesPerSecond: [100 * MIB], atMs: 5 });
    const known = { bytesPerSecond: [1], atMs: 1 };
    expect(measurePace(known, 0, 1000, 5)).toBe(known);
    const later = measurePace({ bytesPerSecond: [1, 2, 3], atMs: 1 }, 100 * MIB, 1000, 9);
    expect(later).toEqual({ bytesPerSecond: [2, 3, 100 * MIB], atMs: 9 });
  });

  it('is too slow when it was so three times in a row, and that is forgotten after an hour', () => {
    const slow = { bytesPerSecond: [49e6, 10e6, 49e6], atMs: 0 };
    expect(isTooSlow(null, 50e6, 0)).toBe(false);
    expect(isTooSlow(slow, 50e6, 1000)).toBe(true);
    expect(isTooSlow({ bytesPerSecond: [49e6, 49e6], atMs: 0 }, 50e6, 1000)).toBe(false);
    expect(isTooSlow({ bytesPerSecond: [49e6, 51e6, 49e6], atMs: 0 }, 50e6, 1000)).toBe(false);
    expect(isTooSlow(slow, 50e6, 3_600_001)).toBe(false);
    expect(isTooSlow(slow, 0, 1000)).toBe(false);
  });
});
