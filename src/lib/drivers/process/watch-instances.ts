import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import type { InstanceChange } from '../driver.ts';
import { createSights, type Sight, type SightsDeps } from './sights.ts';

const LOOK_EVERY_MS = 1000;

export interface InstanceWatch {
  add(listener: (change: InstanceChange) => void): Disposable;
  /** Looks now: something is known to have ended. */
  look(): Promise<void>;
  /** Runs a verb whose effects on this compute are our own doing, and so no news. */
  during<Result>(computeId: string, run: () => Promise<Result>): Promise<Result>;
  close(): void;
}

export interface InstanceWatchDeps extends SightsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Processes tell nobody but their parent that they end, and the parent may be an agent that is gone: so we look. */
export function createInstanceWatch({ clock, logger, ...deps }: InstanceWatchDeps): InstanceWatch {
  const listeners = new Set<(change: InstanceChange) => void>();
  const sights = createSights(deps);
  const busy = new Map<string, number>();
  let sinceMs = Number.POSITIVE_INFINITY;
  let timer: Disposable | null = null;

  const look = async (): Promise<void> => {
    if (listeners.size === 0) return;
    for (const [id, sight] of await sights.look()) {
      if (busy.has(id)) continue;
      const change = compareSights(id, sights.before(id), sight, sinceMs);
      sights.remember(id, sight);
      if (change !== null) for (const listener of listeners) listener(change);
    }
  };
  const lookSafely = (): Promise<void> =>
    look().catch((error: unknown) => logger.warn({ err: error }, 'could not look at the instances; trying again'));

  const stop = (): void => {
    timer?.[Symbol.dispose]();
    timer = null;
    sights.startOver();
  };

  return {
    add(listener) {
      listeners.add(listener);
      sinceMs = Math.min(sinceMs, clock.wallMs());
      timer ??= clock.every(LOOK_EVERY_MS, lookSafely);
      void lookSafely();
      return {
        [Symbol.dispose]: () => {
          listeners.delete(listener);
          if (listeners.size === 0) stop();
        },
      };
    },
    look: lookSafely,
    async during(id, run) {
      busy.set(id, (busy.get(id) ?? 0) + 1);
      try {
        const result = await run();
        sights.remember(id, await sights.lookAt(id));
        return result;
      } catch (error) {
        sights.doubt(id);
        throw error;
      } finally {
        const left = (busy.get(id) ?? 1) - 1;
        if (left === 0) busy.delete(id);
        else busy.set(id, left);
      }
    },
    close() {
      listeners.clear();
      stop();
    },
  };
}

/** Pure. What is seen for the first time is news only if it ended since somebody watches. */
export function compareSights(
  computeId: string,
  before: Sight | undefined,
  now: Sight | undefined,
  sinceMs: number,
): InstanceChange | null {
  if (now === undefined) return before === undefined ? null : { computeId, kind: 'removed', exit: null };
  if (now.isUp) return null;
  const endedUnseen = before === undefined && (now.exit?.atMs ?? 0) >= sinceMs;
  const endedAgain = before?.isUp === false && before.exit?.atMs !== now.exit?.atMs;
  return before?.isUp === true || endedUnseen || endedAgain ? { computeId, kind: 'ended', exit: now.exit } : null;
}
