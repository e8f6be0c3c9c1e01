import { toDozeError } from '../errors/index.ts';
import { createStorageWatch, type StorageWatch } from '../storage/index.ts';
import type { AgentCore } from './running.ts';

/** How long changes of a verdict are kept. */
export const HISTORY_MS = 24 * 60 * 60_000;

/** Watches what is registered, and writes down what changes. */
export function watchStorage({ clock, logger, store }: Pick<AgentCore, 'clock' | 'logger' | 'store'>): StorageWatch {
  const watch = createStorageWatch({
    clock,
    logger,
    random: Math.random,
    onChange: ({ name }, { verdict, findings }) => {
      const [worst] = findings;
      const message = worst === undefined ? null : [worst.endpoint, worst.message].filter(Boolean).join(' ');
      logger.warn({ storage: name, verdict, finding: message }, 'the verdict on a storage service has changed');
      try {
        store.appendStorageChange({ atMs: clock.wallMs(), name, verdict, message }, clock.wallMs() - HISTORY_MS);
      } catch (error) {
        // A disk that is full costs the history a line; the look itself stands.
        logger.error({ storage: name, err: toDozeError(error) }, 'the change could not be written down');
      }
    },
  });
  for (const { service, credential } of store.listStorageServices()) watch.watch(service, credential);
  return watch;
}
