import { describe, expect, it } from 'vitest';

import { mergeTraffic } from '../../../../src/lib/gateway/threads/merge-traffic.ts';

const traffic = (sessions: number, commands: number) => ({ sessions, commands, bytesIn: 10, bytesOut: 20 });

describe('what the threads of a gateway have counted', () => {
  it('is the sum of all of them, by compute', () => {
    const merged = mergeTraffic([
      new Map([
        ['c1', traffic(1, 100)],
        ['c2', traffic(0, 7)],
      ]),
      null,
      new Map([['c1', traffic(2, 50)]]),
    ]);
    expect(Object.fromEntries(merged)).toEqual({
      c1: { sessions: 3, commands: 150, bytesIn: 20, bytesOut: 40 },
      c2: traffic(0, 7),
    });
  });

  it('is nothing where nobody came, or every thread is lost', () => {
    expect(mergeTraffic([null, new Map()]).size).toBe(0);
  });
});
