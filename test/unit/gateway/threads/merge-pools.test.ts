import { describe, expect, it } from 'vitest';

import type { ConnectionPoolState } from '../../../../src/lib/control/index.ts';
import { mergePool, mergePools } from '../../../../src/lib/gateway/threads/merge-pools.ts';

const ONE: ConnectionPoolState = {
  size: 5,
  inUse: 2,
  pinned: 1,
  idle: 1,
  waiting: 4,
  waited: null,
  held: { count: 1, p50Ms: 10, maxMs: 10 },
  switches: 5,
  refusals: 1,
};
const OTHER: ConnectionPoolState = {
  ...ONE,
  size: 4,
  waited: { count: 2, p50Ms: 7, maxMs: 9 },
  held: { count: 3, p50Ms: 2, maxMs: 30 },
};
const BOTH: ConnectionPoolState = {
  size: 5,
  inUse: 4,
  pinned: 2,
  idle: 2,
  waiting: 8,
  waited: { count: 2, p50Ms: 7, maxMs: 9 },
  held: { count: 4, p50Ms: 4, maxMs: 30 },
  switches: 10,
  refusals: 2,
};

describe('shared connections of several threads', () => {
  it('are those of one compute', () => {
    expect(mergePool([ONE, null, OTHER])).toEqual(BOTH);
  });

  it('are none where no thread has any', () => {
    expect(mergePool([null, null])).toBeNull();
  });

  it('are told by compute, without those of a thread that is lost', () => {
    const pools = [new Map([['c1', ONE]]), null, new Map([['c1', OTHER]]), new Map([['c2', ONE]])];
    expect(mergePools(pools)).toEqual(
      new Map([
        ['c1', BOTH],
        ['c2', ONE],
      ]),
    );
  });
});
