import { describe, expect, it } from 'vitest';

import { gatewayThreads } from '../../../src/lib/agent/gateway-threads.ts';

describe('how many threads forward', () => {
  it.each([
    [1, 1],
    [2, 1],
    [7, 1],
    [8, 2],
    [16, 4],
    [128, 4],
  ])('is by the processors: on %i it is %i', (processors, threads) => {
    expect(gatewayThreads('auto', 'linux', processors)).toBe(threads);
  });

  it('is what is set, whatever the processors', () => {
    expect(gatewayThreads(16, 'linux', 1)).toBe(16);
    expect(gatewayThreads(2, 'linux', 64)).toBe(2);
  });

  it('is one where the kernel does not share a port among threads', () => {
    expect(gatewayThreads(8, 'darwin', 64)).toBe(1);
    expect(gatewayThreads('auto', 'darwin', 64)).toBe(1);
  });
});
