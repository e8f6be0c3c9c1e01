import { formatDuration } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';

const TICK_MS = 5_000;

/** Ends sessions that nobody uses for longer than their compute lets them. Wakes nothing. */
export function watchIdleSessions(core: Core): Disposable {
  return core.clock.every(TICK_MS, async () => {
    for (const { id, name, sessionIdleTimeoutMs = null } of core.store.listComputes()) {
      if (sessionIdleTimeoutMs === null) continue;
      try {
        const ended = await core.gate.endIdleSessions(id, sessionIdleTimeoutMs);
        const after = formatDuration(sessionIdleTimeoutMs);
        if (ended > 0) core.logger.info({ compute: name, ended, after }, 'idle sessions ended');
      } catch (error) {
        core.logger.warn({ compute: name, error: toDozeError(error).message }, 'idle sessions could not be ended');
      }
    }
  });
}
