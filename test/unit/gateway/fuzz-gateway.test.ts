import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStorm, type Aftermath, type Storm } from '../../fuzz/gateway.ts';

const PACKETS = 4_000;
/** A socket that stayed with each would be ten times that. */
const MOST_GROWTH_BYTES = 4e6;

let storm: Storm;
beforeAll(async () => (storm = await openStorm(11)));
afterAll(() => storm[Symbol.asyncDispose]());

/** What a first storm leaves is what is kept for good: compiled code, remembered addresses. */
function expectNothingLeft(before: Aftermath, after: Aftermath): void {
  expect(after).toMatchObject({ packets: PACKETS, sessions: 0, connections: 0, handles: before.handles });
  expect(after.heapBytes - before.heapBytes).toBeLessThan(MOST_GROWTH_BYTES);
}

describe('mutated packets to a live gateway', () => {
  it('from strangers neither wake a compute nor leave anything behind', async () => {
    const before = await storm.knock(PACKETS);
    const after = await storm.knock(PACKETS);
    expectNothingLeft(before, after);
    expect(after.wakes).toBe(0);
  });

  it('within sessions, answered with as much sense, leave nothing behind', async () => {
    const before = await storm.speak(PACKETS);
    const after = await storm.speak(PACKETS);
    expectNothingLeft(before, after);
    expect(after.wakes).toBe(0);
  });
});
