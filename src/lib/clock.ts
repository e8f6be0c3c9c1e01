import { DozeError } from './errors/index.ts';

/** The only source of time. Wall time is for records, monotonic time for lengths. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump. */
  wallMs(): number;
  /** Milliseconds since an arbitrary point; never jumps, comparable within one boot of the machine. */
  monotonicMs(): number;
  /** Resolves after `ms`, rejects with the signal's reason when aborted. Keeps the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` every `ms`, not overlapping itself, until closed. Does not keep the process alive. */
  every(ms: number, run: () => void | Promise<void>): Disposable;
}

export function createSystemClock(): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
    sleep: (ms, signal) => sleepFor(ms, signal),
    every: (ms, run) => repeat(ms, run),
  };
}

function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      if (signal !== undefined) reject(abortReason(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function repeat(ms: number, run: () => void | Promise<void>): Disposable {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void Promise.resolve()
      .then(run)
      .finally(() => {
        isRunning = false;
      });
  }, ms);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The signal's reason as an error; `INTERRUPTED` when it is none. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof DozeError
    ? signal.reason
    : new DozeError('INTERRUPTED', 'the operation was interrupted', { cause: signal.reason });
}

/**
 * A signal that aborts after `ms` with `error()`, or with `parent`. Dispose it to free the timer.
 */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

export function createDeadline(ms: number, error: () => DozeError, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error()), ms);
  const onParent = (): void => {
    clearTimeout(timer);
    controller.abort(parent?.reason);
  };
  if (parent?.aborted === true) onParent();
  else parent?.addEventListener('abort', onParent, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      parent?.removeEventListener('abort', onParent);
    },
  };
}

/** One waiter leaves at the signal, with its reason; the work goes on for whoever else waits for it. */
export function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
