import { describe, expect, it } from 'vitest';

import { shareOf } from '../../../../src/lib/gateway/pool/pool-share.ts';

const settings = (size: number) => ({ size, waitMs: 1, idleMs: 1 });

describe("a thread's part of a pool", () => {
  it.each([
    { size: 20, threads: 1, parts: [20] },
    { size: 20, threads: 4, parts: [5, 5, 5, 5] },
    { size: 7, threads: 3, parts: [3, 2, 2] },
    { size: 3, threads: 3, parts: [1, 1, 1] },
  ])('of $size among $threads adds up to it', ({ size, threads, parts }) => {
    const shares = parts.map((_, slot) => shareOf(settings(size), slot, threads));
    expect(shares.map((share) => share.size)).toEqual(parts);
    expect(shares.map(({ ofAll }) => ofAll)).toEqual(parts.map(() => size));
  });

  it('is one at least, as its sessions get none of another', () => {
    const shares = [0, 1, 2, 3].map((slot) => shareOf(settings(2), slot, 4));
    expect(shares.map(({ size, ofAll }) => [size, ofAll])).toEqual([
      [1, 4],
      [1, 4],
      [1, 4],
      [1, 4],
    ]);
  });
});
