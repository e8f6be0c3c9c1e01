import { createDeadline, type Clock } from '../../clock.ts';
import { DozeError } from '../../errors/index.ts';
import type { Logger } from '../../logger.ts';
import { isLost, type Peer } from './peer.ts';
import type { ThreadCalls } from './protocol.ts';
import type { Thread } from './thread.ts';

/** A thread that is started anew whenever it ends. */
export interface KeptThread {
  /** @returns null when there is none: it has no sessions, no port, and nothing to do. @throws what the thread throws */
  ask<Name extends keyof ThreadCalls>(
    name: Name,
    args: Parameters<ThreadCalls[Name]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<ThreadCalls[Name]> | null>;
  tell<Name extends keyof ThreadCalls>(name: Name, args: Parameters<ThreadCalls[Name]>): void;
  /** Monotonic time at which one was last lost; null if none was. */
  readonly lostMs: number | null;
  /** Nothing is started any more. What still runs has a moment to end by itself. */
  end(): void;
}

export interface KeptThreadDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly start: () => Thread;
  /** Brings one that was started anew to where the others are: what is asked now comes before everything else. */
  readonly restore: (peer: Peer<ThreadCalls>) => void;
}

/** Between the end of one and the start of the next; doubles with each that did not live for long. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 10_000;
const LONG_LIFE_MS = 60_000;
/** What lingers has ended long before. */
const LAST_MOMENT_MS = 5_000;

export function createKeptThread({ clock, logger, start, restore }: KeptThreadDeps): KeptThread {
  const ending = new AbortController();
  let running: Thread | null = start();
  let lostMs: number | null = null;

  const isEnding = (): boolean => ending.signal.aborted;
  const keep = async (first: Thread): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    for (let thread = first; ; running = thread) {
      const startedMs = clock.monotonicMs();
      await thread.ended;
      running = null;
      if (isEnding()) return;
      lostMs = clock.monotonicMs();
      if (lostMs - startedMs > LONG_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
      logger.error({ pauseMs }, 'a thread of the gateway has ended, with its sessions; it is started anew');
      await clock.sleep(pauseMs, ending.signal).catch(() => undefined);
      if (isEnding()) return;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      thread = start();
      restore(thread.peer);
    }
  };
  void keep(running);

  return {
    ask: async (name, args, signal) => {
      try {
        return running === null ? null : await running.peer.ask(name, args, signal);
      } catch (error) {
        if (isLost(error)) return null;
        throw error;
      }
    },
    tell: (name, args) => running?.peer.tell(name, args),
    get lostMs() {
      return lostMs;
    },
    end: () => {
      ending.abort();
      const last = running;
      if (last === null) return;
      const over = createDeadline(LAST_MOMENT_MS, () => new DozeError('TIMED_OUT', 'a thread of the gateway lingers'));
      over.signal.addEventListener('abort', () => last.terminate(), { once: true });
      void last.ended.then(() => over[Symbol.dispose]());
    },
  };
}
