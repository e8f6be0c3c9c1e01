import { hasCode, toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { idleComputes, takeDownEarly } from './idle-computes.ts';
import { planRoom, type MissingRoom } from './plan-room.ts';
import type { IdleCompute } from './plan-pressure.ts';

const TICK_MS = 250;
/** After one that could not be taken down, so that the log is not filled. */
const RETRY_MS = 10_000;

/** Takes the longest idle computes down early while somebody waits for room on their host. */
export function watchRoom(core: Core): Disposable {
  const retryAtMs = new Map<string, number>();
  return core.clock.every(TICK_MS, async () => {
    for (const missing of core.room.missing()) await makeRoom(core, missing, retryAtMs);
  });
}

async function makeRoom(core: Core, { host, cu }: MissingRoom, retryAtMs: Map<string, number>): Promise<void> {
  const nowMs = core.clock.monotonicMs();
  for (const [id, atMs] of retryAtMs) if (atMs <= nowMs) retryAtMs.delete(id);
  const idle = await idleComputes(
    core,
    (compute) => compute.state === 'active' && core.room.hostOf(compute) === host && !retryAtMs.has(compute.id),
  );
  for (const chosen of planRoom(cu, idle)) {
    void takeDownForRoom(core, chosen).catch((error: unknown) => {
      if (hasCode(error, 'COMPUTE_BUSY')) return;
      retryAtMs.set(chosen.compute.id, nowMs + RETRY_MS);
      const { message } = toDozeError(error);
      core.logger.warn({ compute: chosen.compute.name, error: message }, 'could not be taken down to make room');
    });
  }
}

async function takeDownForRoom(core: Core, chosen: IdleCompute): Promise<void> {
  core.logger.info({ compute: chosen.compute.name, idleMs: Math.round(chosen.idleMs) }, 'makes room for who waits');
  await takeDownEarly(core, chosen, 'room');
}
