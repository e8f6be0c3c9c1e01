import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import type { Instance, InstanceChange } from '../driver.ts';

const LOOK_EVERY_MS = 1000;

export interface InstanceWatch {
  add(listener: (change: InstanceChange) => void): Disposable;
  /** Looks now: something is known to have ended. */
  look(): Promise<void>;
  /** Runs a verb whose effects on this compute are our own doing, and so no news. */
  during<Result>(computeId: string, run: () => Promise<Result>): Promise<Result>;
  close(): void;
}

export interface InstanceWatchDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly list: () => Promise<readonly Instance[]>;
  readonly inspect: (computeId: string) => Promise<Instance | null>;
}

/** Processes tell nobody but their parent that they end, and the parent may be an agent that is gone: so we look. */
export function createInstanceWatch({ clock, logger, list, inspect }: InstanceWatchDeps): InstanceWatch {
  const listeners = new Set<(change: InstanceChange) => void>();
  const seen = new Map<string, Sight>();
  const busy = new Map<string, number>();
  let sinceMs = Number.POSITIVE_INFINITY;
  let timer: Disposable | null = null;

  const look = async (): Promise<void> => {
    if (listeners.size === 0) return;
    const sights = new Map((await list()).map((instance) => [instance.computeId, sightOf(instance)]));
    for (const id of new Set([...seen.keys(), ...sights.keys()])) {
      if (busy.has(id)) continue;
      const change = compareSights(id, seen.get(id), sights.get(id), sinceMs);
      remember(id, sights.get(id));
      if (change !== null) for (const listener of listeners) listener(change);
    }
  };
  const lookSafely = (): Promise<void> =>
    look().catch((error: unknown) => logger.warn({ err: error }, 'could not look at the instances; trying again'));

  const remember = (id: string, sight: Sight | undefined): void => {
    if (sight === undefined) seen.delete(id);
    else seen.set(id, sight);
  };
  const stop = (): void => {
    timer?.[Symbol.dispose]();
    timer = null;
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
        const instance = await inspect(id);
        remember(id, instance === null ? undefined : sightOf(instance));
        return result;
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

interface Sight {
  readonly isUp: boolean;
  readonly exit: Instance['exit'];
}

function sightOf({ state, exit }: Instance): Sight {
  return { isUp: state === 'running' || state === 'frozen', exit };
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
