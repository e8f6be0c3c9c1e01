import { toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { purge } from './destroy.ts';

/** Deletes the data of destroyed computes whose time of grace is over. */
export async function purgeExpired(core: Core): Promise<void> {
  for (const { id, name } of core.store.listComputes({ onlyKept: true })) {
    const { keptUntilMs } = core.journal.require(id);
    if (keptUntilMs === null || keptUntilMs > core.clock.wallMs()) continue;
    await core.cells
      .of(id)
      .queue.run(async () => {
        const current = core.journal.require(id);
        if (current.state === 'destroyed') await purge(core, current);
      })
      .catch((error: unknown) => {
        core.logger.warn(
          { compute: name, error: toDozeError(error).message },
          'data could not be deleted; it will be tried again',
        );
      });
  }
}
