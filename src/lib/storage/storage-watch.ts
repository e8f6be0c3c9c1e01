import type { Clock } from '../clock.ts';
import type { StorageCredential, StorageHealth, StorageService } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';
import { createServiceWatch, type ServiceWatch } from './service-watch.ts';

/** Watches every registered service at its own pace. */
export interface StorageWatch {
  /** Begins to watch, or begins anew with what has changed. */
  watch(service: StorageService, credential: StorageCredential | null): void;
  unwatch(name: string): void;
  find(name: string): ServiceWatch | null;
  list(): readonly ServiceWatch[];
  close(): Promise<void>;
}

export interface StorageWatchDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 to 1: so that two hundred services are not asked in the same instant. */
  readonly random: () => number;
  /** The verdict of a service has changed. */
  readonly onChange: (service: StorageService, health: StorageHealth) => void;
}

/** Part of the interval by which looks vary to either side. */
const JITTER = 0.1;
/**
 * Of an interval; looks begin where one does, so that one wake-up of the process serves several: that is most of what
 * a look at one endpoint costs.
 */
const SLOTS = 10;

export function createStorageWatch({ clock, logger, random, onChange }: StorageWatchDeps): StorageWatch {
  const watched = new Map<
    string,
    { readonly watch: ServiceWatch; readonly stop: AbortController; done: Promise<void> }
  >();

  const lsnOfGroup = (name: string): number | null => watched.get(name)?.watch.lastLook()?.judgement.latestLsn ?? null;

  const begin = (service: StorageService, credential: StorageCredential | null): void => {
    const stop = new AbortController();
    const watch = createServiceWatch(
      {
        clock,
        lsnOfGroup,
        onLook: (health, before) => {
          if (health.verdict !== before.verdict) onChange(service, health);
        },
      },
      service,
      credential,
    );
    const entry = { watch, stop, done: keepLooking(watch, stop.signal).catch(() => undefined) };
    watched.set(service.name, entry);
  };

  const keepLooking = async (watch: ServiceWatch, signal: AbortSignal): Promise<void> => {
    const { name, intervalMs } = watch.service;
    // The first look is at once; where in the interval the following ones fall is chance.
    for (let pauseMs = intervalMs * random(); ; pauseMs = intervalMs * (1 - JITTER + 2 * JITTER * random())) {
      try {
        await watch.look();
      } catch (error) {
        logger.error({ storage: name, err: toDozeError(error) }, 'a look at a storage service failed');
      }
      await clock.sleep(untilSlot(clock.monotonicMs(), pauseMs, intervalMs / SLOTS), signal);
    }
  };

  const end = async (name: string): Promise<void> => {
    const entry = watched.get(name);
    if (entry === undefined) return;
    watched.delete(name);
    entry.stop.abort();
    entry.watch.close();
    await entry.done;
  };

  return {
    watch: (service, credential) => {
      void end(service.name);
      begin(service, credential);
    },
    unwatch: (name) => void end(name),
    find: (name) => watched.get(name)?.watch ?? null,
    list: () => [...watched.values()].map(({ watch }) => watch),
    close: async () => {
      await Promise.all([...watched.keys()].map(end));
    },
  };
}

/** Never longer than the pause: the gate trusts a look for as long as the next one may take to come. */
function untilSlot(nowMs: number, pauseMs: number, slotMs: number): number {
  return Math.max(0, Math.floor((nowMs + pauseMs) / slotMs) * slotMs - nowMs);
}
