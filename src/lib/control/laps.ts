import type { Clock } from '../clock.ts';

/** Splits the time since `beganMs` into phases that follow each other. */
export interface Laps {
  readonly phasesMs: Readonly<Record<string, number>>;
  /** The phase that ends now. */
  end(name: string): void;
}

export function createLaps(clock: Clock, beganMs: number): Laps {
  const phasesMs: Record<string, number> = {};
  let lastMs = beganMs;
  return {
    phasesMs,
    end(name) {
      const nowMs = clock.monotonicMs();
      phasesMs[name] = nowMs - lastMs;
      lastMs = nowMs;
    },
  };
}
