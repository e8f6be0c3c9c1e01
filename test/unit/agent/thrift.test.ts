import { describe, expect, it } from 'vitest';

import { keepLittleGarbage } from '../../../src/lib/agent/thrift.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const THRIFTY = '--optimize-for-size';
const GENEROUS = '--no-optimize-for-size';

function createBench() {
  const clock = createSimulatedClock();
  const flags: string[] = [];
  const listeners = new Set<() => void>();
  let starting = 0;
  const starts = {
    isAny: () => starting > 0,
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
  const thrift = keepLittleGarbage(starts, clock, (flag) => flags.push(flag));
  const change = (by: number): void => {
    starting += by;
    for (const listener of listeners) listener();
  };
  return { clock, flags, listeners, thrift, change };
}

describe('the room that an agent takes', () => {
  it('is little, but for while computes start and a moment after', async () => {
    const { clock, flags, change } = createBench();
    change(0);
    expect(flags).toEqual([THRIFTY]);
    change(1);
    change(1);
    expect(flags).toEqual([THRIFTY, GENEROUS]);
    change(-1);
    await clock.advance(10_000);
    expect(flags).toHaveLength(2);
    change(-1);
    await clock.advance(2_000);
    expect(flags).toEqual([THRIFTY, GENEROUS, THRIFTY]);
    change(1);
    expect(flags).toEqual([THRIFTY, GENEROUS, THRIFTY, GENEROUS]);
  });

  it('is not looked at any more once the agent ends', async () => {
    const { clock, flags, listeners, thrift, change } = createBench();
    change(1);
    thrift[Symbol.dispose]();
    change(-1);
    await clock.advance(10_000);
    expect(flags).toEqual([THRIFTY, GENEROUS]);
    expect(listeners.size).toBe(0);
  });
});
