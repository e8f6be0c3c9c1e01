import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { abortReason, createDeadline, createSystemClock } from '../../src/lib/clock.ts';
import { DozeError } from '../../src/lib/errors/index.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the system clock', () => {
  it('resolves a sleep when its time has come and not before', async () => {
    let isAwake = false;
    const sleep = createSystemClock()
      .sleep(1000)
      .then(() => {
        isAwake = true;
      });
    await vi.advanceTimersByTimeAsync(999);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleep;
    expect(isAwake).toBe(true);
  });

  it('rejects a sleep with the reason of its signal, and leaves no timer behind', async () => {
    const controller = new AbortController();
    const reason = new DozeError('TIMED_OUT', 'too late');
    const sleep = createSystemClock().sleep(1000, controller.signal);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin a sleep whose signal has aborted already', async () => {
    await expect(createSystemClock().sleep(1000, AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps wall time and monotonic time apart', () => {
    const clock = createSystemClock();
    const before = clock.monotonicMs();
    vi.setSystemTime(0);
    expect(clock.wallMs()).toBe(0);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before);
  });
});

describe('a repetition', () => {
  it('runs every interval until it is disposed', async () => {
    const run = vi.fn();
    const repetition = createSystemClock().every(100, run);
    await vi.advanceTimersByTimeAsync(350);
    expect(run).toHaveBeenCalledTimes(3);
    repetition[Symbol.dispose]();
    await vi.advanceTimersByTimeAsync(1000);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('does not begin a run while the one before goes on', async () => {
    let finish: () => void = () => undefined;
    const run = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    using _repetition = createSystemClock().every(100, run);
    await vi.advanceTimersByTimeAsync(500);
    expect(run).toHaveBeenCalledTimes(1);
    finish();
    await vi.advanceTimersByTimeAsync(100);
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('a deadline', () => {
  const late = (): DozeError => new DozeError('TIMED_OUT', 'too late');

  it('aborts its signal with the given error when the time is over', () => {
    using deadline = createDeadline(1000, late);
    vi.advanceTimersByTime(999);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(deadline.signal.reason).toMatchObject({ code: 'TIMED_OUT' });
  });

  it('aborts with its parent, and then no more by itself', () => {
    const parent = new AbortController();
    using deadline = createDeadline(1000, late, parent.signal);
    parent.abort('stop');
    expect(deadline.signal.reason).toBe('stop');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is aborted from the start when its parent is', () => {
    using deadline = createDeadline(1000, late, AbortSignal.abort('gone'));
    expect(deadline.signal.reason).toBe('gone');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('neither fires nor listens any more once disposed', () => {
    const parent = new AbortController();
    const deadline = createDeadline(1000, late, parent.signal);
    deadline[Symbol.dispose]();
    parent.abort();
    vi.advanceTimersByTime(2000);
    expect(deadline.signal.aborted).toBe(false);
  });
});

describe('abortReason', () => {
  it('is the reason itself when that is one of our errors, else INTERRUPTED with the reason as cause', () => {
    const ours = new DozeError('TIMED_OUT', 'x');
    expect(abortReason(AbortSignal.abort(ours))).toBe(ours);
    expect(abortReason(AbortSignal.abort('why'))).toMatchObject({ code: 'INTERRUPTED', cause: 'why' });
  });
});
