import { describe, expect, it } from 'vitest';

import { createRateLimiter } from '../../../../src/lib/api/server/access/rate-limit.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';

describe('a rate', () => {
  it('lets a burst pass, then as many as it says, and tells how long the next one has to wait', async () => {
    const clock = createSimulatedClock();
    const limiter = createRateLimiter(clock, { perSecond: 10, burst: 3 });
    expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 100]);
    await clock.advance(50);
    expect(limiter.take('a')).toBe(50);
    await clock.advance(50);
    expect([limiter.take('a'), limiter.take('a')]).toEqual([0, 100]);
    expect(limiter.take('b')).toBe(0);
    await clock.advance(3_600_000);
    expect([1, 2, 3, 4].map(() => limiter.take('a') > 0)).toEqual([false, false, false, true]);
  });

  it('remembers a few thousand, those that came last', () => {
    const limiter = createRateLimiter(createSimulatedClock(), { perSecond: 1, burst: 1 });
    limiter.take('first');
    for (let i = 0; i < 4_095; i++) limiter.take(`k${i}`);
    expect(limiter.take('first')).toBeGreaterThan(0);
    for (let i = 0; i < 4_096; i++) limiter.take(`m${i}`);
    expect(limiter.take('first')).toBe(0);
  });
});
