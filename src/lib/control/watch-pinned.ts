import { blockersAt, formatDuration, type Blocker, type Compute } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { remainingMs } from './idle-watch.ts';
import { planPinned } from './plan-pinned.ts';
import { firstDepth } from './possible-depth.ts';
import { recordSessionEnd } from './record-session-end.ts';
import { ladderDepth } from './watch-ladders.ts';

const TICK_MS = 5_000;

/** Ends sessions that keep a compute from its next depth for longer than it lets them. */
export function watchPinned(core: Core): Disposable {
  return core.clock.every(TICK_MS, async () => {
    for (const compute of core.store.listComputes({ states: ['active', 'suspended'] })) {
      const { endPinnedAfterMs = null } = compute;
      if (endPinnedAfterMs === null || core.cells.of(compute.id).queue.isBusy) continue;
      try {
        await endPinned(core, compute, endPinnedAfterMs);
      } catch (error) {
        const { message } = toDozeError(error);
        core.logger.warn({ compute: compute.name, error: message }, 'sessions that keep it could not be looked at');
      }
    }
  });
}

async function endPinned(core: Core, compute: Compute, endPinnedAfterMs: number): Promise<void> {
  const blockers = await blockersOfNext(core, compute);
  if (blockers.length === 0) return;
  const sessions = await core.gate.sessions(compute.id);
  for (const session of planPinned({ blockers, sessions, nowMs: core.clock.monotonicMs(), endPinnedAfterMs })) {
    const reason =
      `this session ${session.why ?? 'kept its server'}, and so kept compute "${compute.name}" from sleeping; ` +
      `it had no command for ${formatDuration(endPinnedAfterMs)}, after which such sessions end; connect again`;
    // Who has sent a command since that look is in use again.
    const ended = await core.gate.endSession(session.id, { reason, seenCommandMs: session.lastCommandMs });
    if (ended !== null) recordSessionEnd(core, compute, ended, 'pinned');
  }
}

/** What forbids the depth that it is due for; nothing while it is due for none. */
async function blockersOfNext(core: Core, compute: Compute): Promise<readonly Blocker[]> {
  if (compute.state === 'suspended') {
    const depth = ladderDepth(core, compute);
    return depth === null ? [] : blockersAt((await core.gate.facts(compute.id)).blockers, depth);
  }
  // The gateway is not asked about one whose last known use is too recent in any case.
  if (remainingMs(core, compute, core.cells.of(compute.id)) !== 0) return [];
  const facts = await core.gate.facts(compute.id);
  return remainingMs(core, compute, facts) === 0 ? blockersAt(facts.blockers, firstDepth(core, compute, facts)) : [];
}
