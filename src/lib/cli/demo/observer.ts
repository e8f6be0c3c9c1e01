import type { Clock } from '../../clock.ts';

/**
 * What a client can know of the time a compute was active: at least from the first answer to the last one, at most
 * from the request that started it to the moment it was seen asleep.
 */
export interface Observer {
  /** About to ask for something that starts the compute. */
  requested(): void;
  /** The server answered. */
  answered(): void;
  asleep(): void;
  bounds(): { readonly atLeastSeconds: number; readonly atMostSeconds: number };
}

export function createObserver(clock: Clock): Observer {
  let atLeastMs = 0;
  let atMostMs = 0;
  let requestedMs: number | null = null;
  let firstAnswerMs: number | null = null;
  let lastAnswerMs = 0;
  return {
    requested: () => {
      requestedMs ??= clock.monotonicMs();
    },
    answered: () => {
      lastAnswerMs = clock.monotonicMs();
      firstAnswerMs ??= lastAnswerMs;
    },
    asleep: () => {
      if (requestedMs !== null) atMostMs += clock.monotonicMs() - requestedMs;
      if (firstAnswerMs !== null) atLeastMs += lastAnswerMs - firstAnswerMs;
      requestedMs = null;
      firstAnswerMs = null;
    },
    bounds: () => ({ atLeastSeconds: atLeastMs / 1000, atMostSeconds: atMostMs / 1000 }),
  };
}
