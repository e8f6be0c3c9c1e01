import { describe, expect, it } from 'vitest';

import { createPollPace } from '../../../src/lib/engines/mariadb/poll-pace.ts';

describe('how often a server that starts is asked', () => {
  it('is often while it is the only one', () => {
    using turn = createPollPace().begin();
    expect([turn.nextPauseMs(), turn.nextPauseMs()]).toEqual([2, 2]);
  });

  it('is shared among all that start', () => {
    const pace = createPollPace();
    const turns = Array.from({ length: 10 }, () => pace.begin());
    expect(turns[0]?.nextPauseMs()).toBe(20);
    for (const turn of turns.slice(1)) turn[Symbol.dispose]();
    expect(turns[0]?.nextPauseMs()).toBe(2);
  });

  it('becomes seldom for one that takes long, and never less than every 50 ms', () => {
    using turn = createPollPace().begin();
    const pauses = Array.from({ length: 300 }, () => turn.nextPauseMs());
    expect(pauses[99]).toBe(2);
    expect(pauses[109]).toBeGreaterThan(4);
    expect(pauses.at(-1)).toBe(50);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(11_000);
  });

  it('is seldom for one that is heard to be on its way, and more often for one that is not heard', () => {
    using turn = createPollPace().begin();
    expect([turn.nextPauseMs('silent'), turn.nextPauseMs('starting'), turn.nextPauseMs()]).toEqual([8, 50, 2]);
  });
});
