import { describe, expect, it } from 'vitest';

import { delayAfter, FailureBook } from '../../../src/lib/gateway/failure-book.ts';
import { createThrottle, type LoginAttempt, type Throttle } from '../../../src/lib/gateway/throttle.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const from = (address: string, user = 'app', computeId: string | null = 'c1'): LoginAttempt => ({
  address,
  computeId,
  user,
});
const BLOCKED = expect.objectContaining({ code: 'LOGIN_BLOCKED' }) as Error;

/** A failure that was held back for as long as it had to be. @returns its delay */
function failOnce(throttle: Throttle, attempt: LoginAttempt): number {
  using failure = throttle.fail(attempt);
  return failure.delayMs;
}

function failTimes(throttle: Throttle, times: number, attempt: (index: number) => LoginAttempt): number {
  let last = 0;
  for (let i = 0; i < times; i++) last = failOnce(throttle, attempt(i));
  return last;
}

function hold(throttle: Throttle, times: number, attempt: (index: number) => LoginAttempt): Disposable[] {
  return Array.from({ length: times }, (_, index) => throttle.fail(attempt(index)));
}

describe('repeated failures', () => {
  it('cost more and more, up to a limit', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(delayAfter)).toEqual([0, 0, 0, 100, 200, 400, 2_000]);
  });

  it('are counted by address, whatever the account', () => {
    const throttle = createThrottle(createSimulatedClock());
    expect(failTimes(throttle, 4, (index) => from('10.0.0.1', `user${String(index)}`))).toBe(100);
    expect(failOnce(throttle, from('10.0.0.2', 'another'))).toBe(0);
  });

  it('are counted by account, whatever the address, one that does not exist included', () => {
    const throttle = createThrottle(createSimulatedClock());
    expect(failTimes(throttle, 4, (index) => from(`10.0.0.${String(index)}`))).toBe(100);
    expect(failOnce(throttle, from('10.0.1.1', 'app', 'c2'))).toBe(0);
    expect(failTimes(throttle, 4, (index) => from(`10.2.0.${String(index)}`, 'nobody', null))).toBe(100);
  });

  it('are those of a network where addresses are plenty', () => {
    const throttle = createThrottle(createSimulatedClock());
    const address = (index: number): string => `2001:db8::${index.toString(16)}:1`;
    expect(failTimes(throttle, 4, (index) => from(address(index), `user${String(index)}`))).toBe(100);
    expect(failOnce(throttle, from('2001:db8:0:1::1', 'another'))).toBe(0);
    expect(failOnce(throttle, from('2001:db8:0:0:ffff::', 'one more'))).toBe(200);
  });

  it('are forgotten in time', async () => {
    const clock = createSimulatedClock();
    const throttle = createThrottle(clock);
    expect(failTimes(throttle, 5, () => from('10.0.0.1'))).toBe(200);
    await clock.advance(59_000);
    expect(failOnce(throttle, from('10.0.0.1'))).toBe(400);
    await clock.advance(60_000);
    expect(failOnce(throttle, from('10.0.0.1'))).toBe(0);
  });

  it('do not count when they turn out to be none', () => {
    const throttle = createThrottle(createSimulatedClock());
    for (let i = 0; i < 20; i++) {
      using failure = throttle.fail(from('10.0.0.1'));
      failure.forgive();
    }
    expect(failOnce(throttle, from('10.0.0.1'))).toBe(0);
  });

  it('are remembered in bounded memory, the latest ones', () => {
    const book = new FailureBook(createSimulatedClock());
    for (let i = 0; i < 4; i++) book.fail('early');
    for (let i = 0; i < 20_000; i++) book.fail(`address ${String(i)}`);
    expect(book.size).toBe(4_096);
    expect(book.fail('early').delayMs).toBe(0);
    for (let i = 0; i < 3; i++) book.fail('address 19999');
    expect(book.fail('address 19999').delayMs).toBe(200);
  });
});

describe('guesses at once', () => {
  it('are judged only as far as a few of one address are held back', () => {
    const throttle = createThrottle(createSimulatedClock());
    const held = hold(throttle, 8, (index) => from('10.0.0.1', `user${String(index)}`));
    expect(() => throttle.admit(from('10.0.0.1', 'another'))).toThrow(BLOCKED);
    throttle.admit(from('10.0.0.2', 'another'));
    held[0]?.[Symbol.dispose]();
    held[0]?.[Symbol.dispose]();
    throttle.admit(from('10.0.0.1', 'another'));
  });

  it('of many addresses are judged only as far as a number of one account are held back', () => {
    const throttle = createThrottle(createSimulatedClock());
    hold(throttle, 64, (index) => from(`10.0.0.${String(index)}`));
    expect(() => throttle.admit(from('10.0.1.1'))).toThrow(BLOCKED);
    throttle.admit(from('10.0.1.1', 'other'));
  });

  it('keep nobody out who was let in from where he comes', () => {
    const throttle = createThrottle(createSimulatedClock());
    throttle.succeed(from('10.0.0.1'));
    hold(throttle, 64, (index) => from(`10.0.2.${String(index)}`));
    hold(throttle, 20, () => from('10.0.0.1', 'other'));
    throttle.admit(from('10.0.0.1'));
    expect(failOnce(throttle, from('10.0.0.1'))).toBe(0);
    hold(throttle, 8, () => from('10.0.0.1'));
    expect(() => throttle.admit(from('10.0.0.1'))).toThrow(BLOCKED);
  });

  it('are not paid for by neighbours when they come from where somebody was let in', () => {
    const throttle = createThrottle(createSimulatedClock());
    throttle.succeed(from('10.0.0.1'));
    hold(throttle, 100, () => from('10.0.0.1'));
    throttle.admit(from('10.0.0.1', 'other'));
    throttle.admit(from('10.0.0.2'));
  });
});
