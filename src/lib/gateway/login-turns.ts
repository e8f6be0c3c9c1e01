import { abortReason, type Clock } from '../clock.ts';

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

/** Whose turn it is to log in at one compute's server, in order of arrival, and how long its connections were taken. */
export interface LoginTurns {
  /** A turn, given back when disposed of. Those who wait are bounded by the caller, which counts its logins. */
  take(signal: AbortSignal): Promise<Disposable>;
  /** The server had no connection to give. Since when that has been so, in monotonic milliseconds. */
  noteFull(): number;
  noteAccepted(): void;
  /** A session ended, so the server has a connection to give in a moment. */
  noteFreed(): void;
  /** Until it is worth asking a full server again, for the n-th time. */
  untilWorthTrying(attempt: number, signal: AbortSignal): Promise<void>;
}

/** @param atOnce how many may have a turn at the same time */
export function createLoginTurns(clock: Clock, atOnce: number): LoginTurns {
  let free = atOnce;
  let fullSinceMs: number | null = null;
  const line = new Set<() => void>();
  const waitingForPlace = new Set<() => void>();

  const giveBack = (): void => {
    const [next] = line;
    if (next === undefined) free += 1;
    else next();
  };

  const standInLine = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        line.delete(turn);
        signal.removeEventListener('abort', abort);
      };
      const turn = (): void => {
        leave();
        resolve();
      };
      const abort = (): void => {
        leave();
        reject(abortReason(signal));
      };
      line.add(turn);
      signal.addEventListener('abort', abort, { once: true });
    });

  return {
    take: async (signal) => {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await standInLine(signal);
      const turns = new DisposableStack();
      turns.defer(giveBack);
      return turns;
    },
    noteFull: () => (fullSinceMs ??= clock.monotonicMs()),
    noteAccepted: () => {
      fullSinceMs = null;
    },
    noteFreed: () => {
      const [first] = waitingForPlace;
      first?.();
    },
    untilWorthTrying: async (attempt, signal) => {
      const freed = new AbortController();
      const wake = (): void => freed.abort();
      waitingForPlace.add(wake);
      try {
        const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
        await clock.sleep(pauseMs, AbortSignal.any([signal, freed.signal]));
      } catch (error) {
        if (signal.aborted || !freed.signal.aborted) throw error;
      } finally {
        waitingForPlace.delete(wake);
      }
    },
  };
}
