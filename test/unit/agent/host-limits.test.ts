import { describe, expect, it } from 'vitest';

import { hostLimits } from '../../../src/lib/agent/host-limits.ts';

const GIB = 1024 ** 3;

describe('what a host may give, left to itself', () => {
  it('is two compute units for each GiB of its memory, and no limit elsewhere', () => {
    expect(hostLimits('auto', 24 * GIB)).toEqual({ here: 48, elsewhere: null });
    expect(hostLimits('auto', 3.7 * GIB)).toEqual({ here: 7.25, elsewhere: null });
  });

  it('lets fifty of the usual computes be awake at once on a machine of 16 GiB', () => {
    expect(hostLimits('auto', 16 * GIB).here).toBeGreaterThanOrEqual(50 * 0.5);
  });

  it('is something on the smallest machine', () => {
    expect(hostLimits('auto', GIB / 8)).toEqual({ here: 1, elsewhere: null });
  });
});

describe('what a host may give, as it is set', () => {
  it('is meant for every host', () => {
    expect(hostLimits(4, GIB)).toEqual({ here: 4, elsewhere: 4 });
    expect(hostLimits(null, GIB)).toEqual({ here: null, elsewhere: null });
  });
});
