import type { Compute } from '../domain/index.ts';
import { hasCode, toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { idleRemainingMs } from './plan-idle.ts';
import { firstDepth } from './possible-depth.ts';
import { takeDown } from './take-down.ts';

const TICK_MS = 500;
/** After a suspend that failed to begin, so that the log is not filled. */
const RETRY_MS = 30_000;

/** Suspends what nobody uses. */
export function watchIdle(core: Core): Disposable {
  const retryAtMs = new Map<string, number>();
  return core.clock.every(TICK_MS, () => {
    for (const compute of core.store.listComputes({ states: ['active'] })) {
      if ((retryAtMs.get(compute.id) ?? 0) > core.clock.monotonicMs()) continue;
      retryAtMs.delete(compute.id);
      if (!isIdle(core, compute) || core.cells.of(compute.id).queue.isBusy) continue;
      void suspendIdle(core, compute).catch((error: unknown) => {
        if (hasCode(error, 'COMPUTE_BUSY')) return;
        retryAtMs.set(compute.id, core.clock.monotonicMs() + RETRY_MS);
        core.logger.warn(
          { compute: compute.name, error: toDozeError(error).message },
          'idle compute could not be suspended',
        );
      });
    }
  });
}

/** For how long nobody has used it. */
export function idleMs(core: Core, compute: Compute): number {
  if (compute.state !== 'active') return Math.max(0, core.clock.wallMs() - compute.stateSinceMs);
  const activeSinceMs = core.cells.of(compute.id).activeSinceMs;
  return core.clock.monotonicMs() - Math.max(activeSinceMs, core.gate.lastActivityMs(compute.id) ?? activeSinceMs);
}

/** Monotonic facts of the compute's idleness, for the decision and for `compute show`. */
export function remainingMs(core: Core, compute: Compute): number | null {
  return idleRemainingMs(compute, {
    nowMs: core.clock.monotonicMs(),
    activeSinceMs: core.cells.of(compute.id).activeSinceMs,
    lastActivityMs: core.gate.lastActivityMs(compute.id),
  });
}

function isIdle(core: Core, compute: Compute): boolean {
  if (remainingMs(core, compute) !== 0) return false;
  return core.gate.blockers(compute.id, firstDepth(core, compute)).length === 0;
}

async function suspendIdle(core: Core, compute: Compute): Promise<void> {
  await core.cells.of(compute.id).queue.run(async () => {
    const current = core.journal.require(compute.id);
    if (!isIdle(core, current)) return;
    const lastActivityMs = core.gate.lastActivityMs(current.id);
    await takeDown(core, current, {
      depth: firstDepth(core, current),
      reason: 'idle',
      isForced: false,
      isStillWanted: () => core.gate.lastActivityMs(current.id) === lastActivityMs,
      onProgress: () => undefined,
    });
  });
}
