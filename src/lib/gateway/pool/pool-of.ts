import type { ComputeGate } from '../compute-gate.ts';
import { requireHost, type Core } from '../core.ts';
import { createWakeDeadline, reach } from '../wake.ts';
import { BackendPool } from './backend-pool.ts';
import { shareOf, type PoolShare } from './pool-share.ts';

/** The pool that a new session of this compute is to use, as its settings are now; null where it is to use none. */
export async function poolOf(core: Core, gate: ComputeGate): Promise<BackendPool | null> {
  const route = await requireHost(core).findRoute(gate.computeId);
  const settings = route?.connectionPool ?? null;
  // A gate that was closed meanwhile has no sessions any more.
  if (settings === null || core.gates.get(gate.computeId) !== gate) return null;
  const share = shareOf(settings, core.options.slot, core.options.threads);
  gate.pool ??= createPool(core, gate, share);
  gate.pool.configure(share);
  return gate.pool;
}

function createPool(core: Core, gate: ComputeGate, share: PoolShare): BackendPool {
  let isWaking = false;
  const wake = async (): Promise<void> => {
    if (isWaking) return;
    isWaking = true;
    try {
      using deadline = createWakeDeadline(core, gate);
      await reach(core, gate, deadline.signal);
    } catch (error) {
      pool.fail(error);
    } finally {
      isWaking = false;
    }
  };
  const pool = new BackendPool(
    {
      clock: core.clock,
      gate,
      wake: () => void wake(),
      readRoutineEffects: () => requireHost(core).readRoutineEffects(gate.computeId),
      tellOthers: (change) => core.neighbours?.notePoolChange(gate.computeId, change),
      onGone: () => gate.turns.noteFreed(),
    },
    share,
  );
  return pool;
}
