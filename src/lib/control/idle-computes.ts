import { blockersAt, fitLadder, ladderOf, nextRung, type Compute, type SuspendReason } from '../domain/index.ts';
import { driverOf, type Core } from './core.ts';
import { idleMs } from './idle-watch.ts';
import type { IdleCompute } from './plan-pressure.ts';
import { possibleDepths } from './possible-depth.ts';
import { takeDown } from './take-down.ts';

/** Those that nobody uses and nothing is under way with, and that their ladder would take further down. */
export async function idleComputes(core: Core, isOfUse: (compute: Compute) => boolean): Promise<IdleCompute[]> {
  const computes = core.store.listComputes({ states: ['active', 'suspended'] }).filter(isOfUse);
  const candidates = await Promise.all(computes.map((compute) => candidateOf(core, compute)));
  return candidates
    .filter((candidate) => candidate !== null)
    .filter(({ compute }) => !core.cells.of(compute.id).queue.isBusy);
}

async function candidateOf(core: Core, compute: Compute): Promise<IdleCompute | null> {
  const ladder = fitLadder(ladderOf(compute), possibleDepths(driverOf(core, compute), compute));
  const next = nextRung(ladder, compute.depth);
  if (next === null) return null;
  const facts = await core.gate.facts(compute.id);
  if (blockersAt(facts.blockers, next.depth).length > 0) return null;
  return { compute, idleMs: idleMs(core, compute, facts), nextDepth: next.depth };
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
    const { lastActivityMs } = await core.gate.facts(compute.id);
    await takeDown(core, current, {
      depth,
      reason,
      isForced: false,
      seenActivityMs: lastActivityMs,
      onProgress: () => undefined,
    });
  });
}
