import { describe, expect, it } from 'vitest';

import { fuzzDecoder } from '../../fuzz/decoder.ts';

describe('mutated packets', () => {
  it.each([1, 2, 3])('are read or refused, and mean the same however they are cut (seed %d)', (seed) => {
    const { packets, refused } = fuzzDecoder(5_000, seed);
    expect(packets).toBe(5_000);
    expect(refused).toBeGreaterThan(0);
  });
});
