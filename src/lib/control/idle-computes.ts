import { fitLadder, ladderOf, nextRung, type Compute, type SuspendReason } from '../domain/index.ts';
import { driverOf, type Core } from './core.ts';
import { idleMs } from './idle-watch.ts';
import type { IdleCompute } from './plan-pressure.ts';
import { possibleDepths } from './possible-depth.ts';
import { takeDown } from './take-down.ts';

/** Those that nobody uses and nothing is under way with, and that their ladder would take further down. */
export function idleComputes(core: Core, isOfUse: (compute: Compute) => boolean): IdleCompute[] {
  return core.store.listComputes({ states: ['active', 'suspended'] }).flatMap((compute) => {
    const candidate = isOfUse(compute) ? candidateOf(core, compute) : null;
    return candidate === null || core.cells.of(compute.id).queue.isBusy ? [] : [candidate];
  });
}

function candidateOf(core: Core, compute: Compute): IdleCompute | null {
  const ladder = fitLadder(ladderOf(compute), possibleDepths(driverOf(core, compute), compute));
  const next = nextRung(ladder, compute.depth);
  if (next === null || core.gate.blockers(compute.id, next.depth).length > 0) return null;
  return { compute, idleMs: idleMs(core, compute), nextDepth: next.depth };
}

/** Before its time, unless a client comes or anything else happens to it first. */
export async function takeDownEarly(
  core: Core,
  { compute, nextDepth: depth }: IdleCompute,
  reason: SuspendReason,
): Promise<void> {
  await core.cells.of(compute.id).queue.run(async () => {
    const current = core.journal.require(compute.id);
    if (current.seq !== compute.seq) return;
    const lastActivityMs = core.gate.lastActivityMs(compute.id);
    await takeDown(core, current, {
      depth,
      reason,
      isForced: false,
      isStillWanted: () => core.gate.lastActivityMs(compute.id) === lastActivityMs,
      onProgress: () => undefined,
    });
  });
}
