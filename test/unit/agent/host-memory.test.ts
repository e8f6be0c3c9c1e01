import { describe, expect, it } from 'vitest';

import { parseMeminfo } from '../../../src/lib/agent/host-memory.ts';

describe('the memory of the host', () => {
  it('is read in bytes', () => {
    const text =
      'MemTotal:       24684016 kB\nMemFree:        22165196 kB\nMemAvailable:   24166388 kB\nSwapTotal: 0 kB\n';
    expect(parseMeminfo(text)).toEqual({ totalBytes: 25_276_432_384, availableBytes: 24_746_381_312 });
  });

  it('is unknown where the kernel does not say what is available', () => {
    expect(parseMeminfo('MemTotal:       24684016 kB\n')).toBeNull();
  });
});
