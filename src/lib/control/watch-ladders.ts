import { blockersAt, dueRung, fitLadder, ladderOf, type Compute, type Depth } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import { goDeeper } from './go-deeper.ts';
import { possibleDepths } from './possible-depth.ts';

const TICK_MS = 5_000;

/** Takes what sleeps further down its ladder. */
export function watchLadders(core: Core): Disposable {
  return core.clock.every(TICK_MS, async () => {
    for (const compute of core.store.listComputes({ states: ['suspended'] })) {
      const depth = await dueDepth(core, compute);
      if (depth === null || core.cells.of(compute.id).queue.isBusy) continue;
      void descend(core, compute.id).catch((error: unknown) => {
        core.logger.warn({ compute: compute.name, error: toDozeError(error).message }, 'could not be taken deeper');
      });
    }
  });
}

/** The depth that it is to go down to now; null while there is none, or while something forbids it. */
async function dueDepth(core: Core, compute: Compute): Promise<Depth | null> {
  const due = ladderDepth(core, compute);
  return due === null ? null : await open(core, compute, due);
}

/** The depth of a suspended compute's ladder that it is due for now, whatever forbids it; null while there is none. */
export function ladderDepth(core: Core, compute: Compute): Depth | null {
  const { depth, stateSinceMs } = compute;
  if (compute.state !== 'suspended' || depth === null) return null;
  const depths = possibleDepths(driverOf(core, compute), compute);
  // Where most of those end up that nobody uses any more: there may be a thousand.
  if (depth === depths.at(-1)) return null;
  const ladder = fitLadder(ladderOf(compute), depths);
  const due = dueRung(ladder, { depth, sleptMs: core.clock.wallMs() - stateSinceMs });
  return due?.depth ?? null;
}

/** A session that cannot do without its server keeps it: the compute stays where it is. */
async function open(core: Core, { id }: Compute, depth: Depth): Promise<Depth | null> {
  const { blockers } = await core.gate.facts(id);
  return blockersAt(blockers, depth).length === 0 ? depth : null;
}

async function descend(core: Core, computeId: string): Promise<void> {
  await core.cells.of(computeId).queue.run(async () => {
    const compute = core.journal.require(computeId);
    const depth = await dueDepth(core, compute);
    if (depth !== null) await goDeeper(core, compute, { depth, reason: 'idle', onProgress: () => undefined });
  });
}
