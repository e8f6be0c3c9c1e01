import { describe, expect, it } from 'vitest';

import { mergeActivity } from '../../../../src/lib/gateway/threads/merge-activity.ts';

const activity = (sessions: number, commands: number) => ({ sessions, commands });

describe('what the threads of a gateway have counted', () => {
  it('is the sum of all of them, by compute', () => {
    const merged = mergeActivity([
      new Map([
        ['c1', activity(1, 100)],
        ['c2', activity(0, 7)],
      ]),
      null,
      new Map([['c1', activity(2, 50)]]),
    ]);
    expect(Object.fromEntries(merged)).toEqual({
      c1: activity(3, 150),
      c2: activity(0, 7),
    });
  });

  it('is nothing where nobody came, or every thread is lost', () => {
    expect(mergeActivity([null, new Map()]).size).toBe(0);
  });
});
