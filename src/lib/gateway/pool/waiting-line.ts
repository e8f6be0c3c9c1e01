import { abortReason, createDeadline } from '../../clock.ts';
import type { DozeError } from '../../errors/index.ts';

/** One who waits for a connection. */
export interface Waiter<Request, Result> {
  readonly request: Request;
  readonly signal: AbortSignal;
  /** Monotonic. */
  readonly sinceMs: number;
  /** Somebody is at it; it keeps its place in case that comes to nothing. */
  isServed: boolean;
  /** It had its answer, or waits no more. */
  hasLeft: boolean;
  isLate: boolean;
  readonly settle: (outcome: { readonly result: Result } | { readonly error: Error }) => void;
}

export interface Patience {
  readonly signal: AbortSignal;
  readonly nowMs: number;
  readonly waitMs: number;
  /** What one is told whose time is up. */
  readonly refusal: () => DozeError;
}

/** First come, first served. Nobody's time is up while he is being served. */
export class WaitingLine<Request, Result> {
  private readonly waiters = new Set<Waiter<Request, Result>>();

  /** In order of arrival, without those that are being served. */
  *unserved(): Generator<Waiter<Request, Result>> {
    for (const waiter of this.waiters) if (!waiter.isServed) yield waiter;
  }

  get length(): number {
    let length = 0;
    for (const waiter of this.waiters) if (!waiter.isServed) length += 1;
    return length;
  }

  get isEmpty(): boolean {
    return this.waiters.size === 0;
  }

  /** @throws the refusal, the signal's reason */
  join(request: Request, { signal, nowMs, waitMs, refusal }: Patience): Promise<Result> {
    return new Promise((resolve, reject) => {
      const deadline = createDeadline(waitMs, refusal, signal);
      const onAbort = (): void => {
        if (waiter.isServed && !signal.aborted) waiter.isLate = true;
        else waiter.settle({ error: abortReason(deadline.signal) });
      };
      const waiter: Waiter<Request, Result> = {
        request,
        signal,
        sinceMs: nowMs,
        isServed: false,
        hasLeft: false,
        isLate: false,
        settle: (outcome) => {
          deadline[Symbol.dispose]();
          deadline.signal.removeEventListener('abort', onAbort);
          waiter.hasLeft = true;
          this.waiters.delete(waiter);
          if ('result' in outcome) resolve(outcome.result);
          else reject(outcome.error);
        },
      };
      this.waiters.add(waiter);
      if (deadline.signal.aborted) onAbort();
      else deadline.signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Serving it came to nothing: it waits on in its place. */
  putBack(waiter: Waiter<Request, Result>, refusal: () => DozeError): void {
    waiter.isServed = false;
    if (waiter.isLate) waiter.settle({ error: refusal() });
  }

  dissolve(error: Error): void {
    for (const waiter of [...this.waiters]) waiter.settle({ error });
  }
}
