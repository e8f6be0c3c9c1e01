import type { Core } from './core.ts';
import { setLease } from './lease.ts';
import { outcome, type OperationOutcome } from './outcome.ts';
import { setConnectionPool, type ConnectionPoolOptions } from './set-connection-pool.ts';
import { settle } from './settle.ts';

/** What of a compute can be set and takes effect without a restart. */
export interface SetOptions extends ConnectionPoolOptions {
  /** Of an ephemeral one; null has it last. */
  readonly leaseMs?: number | null;
}

/** @throws SETTING_FIXED, VALUE_INVALID, STATE_CONFLICT */
export async function setCompute(core: Core, id: string, options: SetOptions): Promise<OperationOutcome> {
  const { leaseMs, ...rest } = options;
  // At once: in the queue it might come after the end that it is to put off.
  const leased = leaseMs === undefined ? null : setLease(core, core.journal.require(id), leaseMs);
  if (leased !== null && Object.keys(rest).length === 0) return leased;
  const pooled = await core.cells
    .of(id)
    .queue.run(async () => setConnectionPool(core, await settle(core, id, () => undefined), rest));
  if (leased === null) return pooled;
  const isChanged = leased.action === 'changed' || pooled.action === 'changed';
  return outcome(pooled.compute, isChanged ? 'changed' : 'unchanged', ...leased.notes, ...pooled.notes);
}
