import { blockersAt, type Compute } from '../domain/index.ts';
import { hasCode, toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { idleRemainingMs } from './plan-idle.ts';
import type { GateFacts } from './ports.ts';
import { firstDepth } from './possible-depth.ts';
import { takeDown } from './take-down.ts';

const TICK_MS = 500;
/** After a suspend that failed to begin, so that the log is not filled. */
const RETRY_MS = 30_000;

/** Suspends what nobody uses. */
export function watchIdle(core: Core): Disposable {
  const retryAtMs = new Map<string, number>();
  return core.clock.every(TICK_MS, async () => {
    const active = core.store.listComputes({ states: ['active'] }).filter(({ id }) => {
      if ((retryAtMs.get(id) ?? 0) > core.clock.monotonicMs()) return false;
      retryAtMs.delete(id);
      return true;
    });
    await Promise.all(active.map((compute) => suspendIfIdle(core, compute, retryAtMs)));
  });
}

/** For how long nobody has used it. */
export function idleMs(core: Core, compute: Compute, { lastActivityMs }: ActivityFacts): number {
  if (compute.state !== 'active') return Math.max(0, core.clock.wallMs() - compute.stateSinceMs);
  const { activeSinceMs } = core.cells.of(compute.id);
  return core.clock.monotonicMs() - Math.max(activeSinceMs, lastActivityMs ?? activeSinceMs);
}

/** Monotonic facts of the compute's idleness, for the decision and for `compute show`. */
export function remainingMs(core: Core, compute: Compute, { lastActivityMs }: ActivityFacts): number | null {
  return idleRemainingMs(compute, {
    nowMs: core.clock.monotonicMs(),
    activeSinceMs: core.cells.of(compute.id).activeSinceMs,
    lastActivityMs,
  });
}

type ActivityFacts = Pick<GateFacts, 'lastActivityMs'>;

/** Looks, and leaves the suspend itself to the compute's queue. */
async function suspendIfIdle(core: Core, compute: Compute, retryAtMs: Map<string, number>): Promise<void> {
  if ((await factsIfIdle(core, compute)) === null || core.cells.of(compute.id).queue.isBusy) return;
  void suspendIdle(core, compute).catch((error: unknown) => {
    if (hasCode(error, 'COMPUTE_BUSY')) return;
    retryAtMs.set(compute.id, core.clock.monotonicMs() + RETRY_MS);
    core.logger.warn(
      { compute: compute.name, error: toDozeError(error).message },
      'idle compute could not be suspended',
    );
  });
}

/** Null while it is in use. The gateway is not asked about one whose last known use is too recent in any case. */
async function factsIfIdle(core: Core, compute: Compute): Promise<GateFacts | null> {
  const cell = core.cells.of(compute.id);
  if (remainingMs(core, compute, cell) !== 0) return null;
  const facts = await core.gate.facts(compute.id);
  cell.lastActivityMs = facts.lastActivityMs;
  if (remainingMs(core, compute, facts) !== 0) return null;
  return blockersAt(facts.blockers, firstDepth(core, compute, facts)).length === 0 ? facts : null;
}

async function suspendIdle(core: Core, compute: Compute): Promise<void> {
  await core.cells.of(compute.id).queue.run(async () => {
    const current = core.journal.require(compute.id);
    const facts = await factsIfIdle(core, current);
    if (facts === null) return;
    await takeDown(core, current, {
      depth: firstDepth(core, current, facts),
      reason: 'idle',
      isForced: false,
      seenActivityMs: facts.lastActivityMs,
      onProgress: () => undefined,
    });
  });
}
