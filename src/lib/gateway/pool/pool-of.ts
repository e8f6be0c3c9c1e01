import type { ConnectionPoolSettings } from '../../control/index.ts';
import type { ComputeGate } from '../compute-gate.ts';
import { requireHost, type Core } from '../core.ts';
import { createWakeDeadline, reach } from '../wake.ts';
import { BackendPool } from './backend-pool.ts';

/** The pool that a new session of this compute is to use, as its settings are now; null where it is to use none. */
export function poolOf(core: Core, gate: ComputeGate): BackendPool | null {
  const host = requireHost(core);
  const settings = host.findRoute(gate.computeId)?.connectionPool ?? null;
  if (settings === null) return null;
  gate.pool ??= createPool(core, gate, settings);
  gate.pool.configure(settings);
  return gate.pool;
}

function createPool(core: Core, gate: ComputeGate, settings: ConnectionPoolSettings): BackendPool {
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
    },
    settings,
  );
  return pool;
}
