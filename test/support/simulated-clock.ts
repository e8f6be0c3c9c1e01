import type { Clock } from '../../src/lib/clock.ts';

export interface SimulatedClock extends Clock {
  /** Moves both clocks on and runs what is due, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Moves both clocks on in one leap, as a long night does: what became due meanwhile runs once, at its end. */
  leap(ms: number): Promise<void>;
  /** The wall clock jumps; the monotonic clock does not notice. */
  jumpWall(ms: number): void;
}

interface Due {
  atMs: number;
  run: () => void;
}

export function createSimulatedClock(wallMs = Date.UTC(2026, 0, 15, 12)): SimulatedClock {
  let nowMs = 1_000_000;
  let wallOffsetMs = wallMs - nowMs;
  const due = new Set<Due>();

  function at(atMs: number, run: () => void): Due {
    const entry = { atMs, run };
    due.add(entry);
    return entry;
  }

  return {
    wallMs: () => nowMs + wallOffsetMs,
    monotonicMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const entry = at(nowMs + ms, resolve);
        signal?.addEventListener('abort', () => {
          due.delete(entry);
          reject(signal.reason as Error);
        });
      }),
    every(ms, run) {
      let entry: Due;
      const again = (): void => {
        entry = at(nowMs + ms, () => {
          again();
          void run();
        });
      };
      again();
      return { [Symbol.dispose]: () => void due.delete(entry) };
    },
    async leap(ms) {
      nowMs += ms;
      await advance(0);
    },
    advance,
    jumpWall(ms) {
      wallOffsetMs += ms;
    },
  };

  async function advance(ms: number): Promise<void> {
    const endMs = nowMs + ms;
    for (;;) {
      const next = [...due].filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      due.delete(next);
      nowMs = Math.max(nowMs, next.atMs);
      next.run();
      await settle();
    }
    nowMs = endMs;
    await settle();
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
