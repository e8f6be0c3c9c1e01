import type { AccountSnapshot, Compute } from '../domain/index.ts';
import { createDeadline } from '../clock.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import type { Cell } from './cells.ts';
import { agentTarget, type Core } from './core.ts';

/** Between two reads that clients cause; a guesser of passwords must not become load on the server. */
const MIN_INTERVAL_MS = 250;
const READ_TIMEOUT_MS = 5_000;

/** The compute's accounts as last read: in memory, else from the store. */
export function knownAccounts(core: Core, computeId: string): AccountSnapshot | null {
  const cell = core.cells.of(computeId);
  cell.accounts ??= core.store.getAccounts(computeId);
  return cell.accounts;
}

/** Reads the accounts if the server runs and the last read is not fresh; one read at a time. */
export async function refreshAccounts(core: Core, computeId: string): Promise<AccountSnapshot | null> {
  const cell = core.cells.of(computeId);
  const isFresh = untilStaleMs(core, cell) > 0;
  return isFresh ? (cell.accountsRead ?? knownAccounts(core, computeId)) : readIfThere(core, computeId);
}

/**
 * For a client that is about to be refused: its account may have been made since the last read, however short a time that was
 * ago, or during one. Waits until they may be read again: guessers, who cause reads, wait all together for the same one.
 */
export async function refreshForRefusal(core: Core, computeId: string): Promise<AccountSnapshot | null> {
  const cell = core.cells.of(computeId);
  await cell.accountsRead?.catch(() => null);
  const { accountsReadMs: lastMs } = cell;
  const waitMs = untilStaleMs(core, cell);
  if (waitMs > 0 && cell.endpoint !== null) await core.clock.sleep(waitMs);
  return cell.accountsReadMs > lastMs ? knownAccounts(core, computeId) : readIfThere(core, computeId);
}

function untilStaleMs({ clock }: Core, { accountsReadMs }: Cell): number {
  return accountsReadMs + MIN_INTERVAL_MS - clock.monotonicMs();
}

async function readIfThere(core: Core, computeId: string): Promise<AccountSnapshot | null> {
  const cell = core.cells.of(computeId);
  const compute = core.store.getCompute(computeId);
  if (compute?.state !== 'active' || cell.endpoint === null) {
    return cell.accountsRead ?? knownAccounts(core, computeId);
  }
  cell.accountsRead ??= readAccounts(core, compute).finally(() => (cell.accountsRead = null));
  try {
    return await cell.accountsRead;
  } catch (error) {
    core.logger.warn({ compute: compute.name, error: toDozeError(error).message }, 'accounts could not be read');
    return knownAccounts(core, computeId);
  }
}

/** Reads the accounts now and keeps them: the last thing done before a server goes to sleep. */
export async function readAccounts(core: Core, compute: Compute): Promise<AccountSnapshot> {
  const cell = core.cells.of(compute.id);
  if (cell.endpoint === null)
    throw new DozeError('INTERNAL', `compute "${compute.name}" has no endpoint to read accounts from`);
  using deadline = createDeadline(
    READ_TIMEOUT_MS,
    () =>
      new DozeError(
        'TIMED_OUT',
        `reading the accounts of compute "${compute.name}" took more than ${READ_TIMEOUT_MS} ms`,
      ),
  );
  const target = agentTarget(core, compute, cell.endpoint);
  const before = knownAccounts(core, compute.id);
  const snapshot = await core.engines[compute.engine].readAccounts(target, deadline.signal);
  cell.accounts = snapshot;
  cell.accountsReadMs = core.clock.monotonicMs();
  if (JSON.stringify(before?.accounts) !== JSON.stringify(snapshot.accounts))
    core.store.putAccounts(compute.id, snapshot);
  return snapshot;
}
