import { fitLadder, ladderOf, nextRung, type Compute } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import { idleMs } from './idle-watch.ts';
import { isShort, planPressure, type IdleCompute } from './plan-pressure.ts';
import { possibleDepths } from './possible-depth.ts';
import { takeDown } from './take-down.ts';

const TICK_MS = 2_000;

/** Takes the longest idle computes down their ladders early while the host is short of memory. */
export function watchMemory(core: Core): Disposable {
  let isBusy = false;
  return core.clock.every(TICK_MS, async () => {
    const memory = core.hostMemory();
    if (memory === null || isBusy || !isShort(memory, core.settings.memoryReserve)) return;
    const chosen = planPressure(memory, core.settings.memoryReserve, idleComputes(core));
    if (chosen === null) return;
    isBusy = true;
    try {
      await takeDeeper(core, chosen);
    } catch (error) {
      const { message } = toDozeError(error);
      core.logger.warn({ compute: chosen.compute.name, error: message }, 'could not be taken deeper for memory');
    } finally {
      isBusy = false;
    }
  });
}

/** Those that hold memory for nobody: awake without use, or frozen. */
function idleComputes(core: Core): IdleCompute[] {
  return core.store.listComputes({ states: ['active', 'suspended'] }).flatMap((compute) => {
    const candidate = candidateOf(core, compute);
    return candidate === null || core.cells.of(compute.id).queue.isBusy ? [] : [candidate];
  });
}

function candidateOf(core: Core, compute: Compute): IdleCompute | null {
  const driver = driverOf(core, compute);
  // Memory that is not this host's is nothing to give back here; what hibernates has given it back already.
  const holdsMemory = driver.capabilities.isOnThisHost && (compute.state === 'active' || compute.depth === 'frozen');
  if (!holdsMemory) return null;
  const ladder = fitLadder(ladderOf(compute), possibleDepths(driver, compute));
  const next = nextRung(ladder, compute.depth);
  if (next === null || core.gate.blockers(compute.id, next.depth).length > 0) return null;
  return { compute, idleMs: idleMs(core, compute), nextDepth: next.depth };
}

async function takeDeeper(core: Core, { compute, nextDepth: depth }: IdleCompute): Promise<void> {
  await core.cells.of(compute.id).queue.run(async () => {
    const current = core.journal.require(compute.id);
    if (current.seq !== compute.seq) return;
    const lastActivityMs = core.gate.lastActivityMs(compute.id);
    await takeDown(core, current, {
      depth,
      reason: 'memory',
      isForced: false,
      isStillWanted: () => core.gate.lastActivityMs(compute.id) === lastActivityMs,
      onProgress: () => undefined,
    });
  });
}
