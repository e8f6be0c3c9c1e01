import type { Compute } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';
import { destroy } from './destroy.ts';
import { createLeaseBook, type LeaseBook, type LeaseEntry } from './lease-book.ts';
import { leaseOver } from './lease.ts';
import { reconcileNow } from './reconcile.ts';

const TICK_MS = 1_000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 5 * 60_000;

/**
 * Destroys ephemeral computes, with their data, when their lease is over. Nobody's wish keeps one: a session that is open ends
 * with an error. The end goes through the compute's queue, where it is looked at again:
 *
 * | when it is over, the compute is  | then                                                                    |
 * | -------------------------------- | ----------------------------------------------------------------------- |
 * | being created or woken           | the start is called off, and who waits for it told so; then as below    |
 * | copied, suspended, resized       | that is finished first                                                  |
 * | active, suspended, failed        | destroyed and purged: snapshots, data, passwords                        |
 * | being destroyed                  | that is finished, with or without its data as it was asked for          |
 * | renewed, or kept, by then        | left alone                                                              |
 * | on record of an agent that died  | the same, first of all that the next agent does; its port stays closed  |
 *
 * What fails (Docker is away) is tried again after pauses that double.
 */
export interface LeaseWatch extends Disposable {
  isDue(computeId: string): boolean;
}

export function watchLeases(core: Core): LeaseWatch {
  const book = createLeaseBook(core.clock);
  /** Null while there is no lease: most agents never have any, and look at nothing. */
  let ticks: Disposable | null = null;

  function look(): void {
    const entries = book.entries();
    for (const entry of entries) lookAt(core, book, entry);
    if (entries.length > 0) return;
    ticks?.[Symbol.dispose]();
    ticks = null;
  }
  function note(compute: Compute): void {
    book.note(compute);
    if (book.has(compute.id)) ticks ??= core.clock.every(TICK_MS, look);
  }

  const changes = core.journal.onChange(note);
  for (const compute of core.store.listComputes()) note(compute);
  look();
  return {
    isDue: (computeId) => book.isDue(computeId),
    [Symbol.dispose]() {
      changes[Symbol.dispose]();
      ticks?.[Symbol.dispose]();
    },
  };
}

function lookAt(core: Core, book: LeaseBook, entry: LeaseEntry): void {
  const nowMs = core.clock.monotonicMs();
  if (entry.dueMs <= nowMs) end(core, book, entry);
  else if (entry.warnAtMs <= nowMs && !entry.isWarned) warn(core, entry);
}

function end(core: Core, book: LeaseBook, entry: LeaseEntry): void {
  const { computeId } = entry;
  const cell = core.cells.of(computeId);
  // Also at each later look: one that stood before it in the queue may have begun since.
  cell.starting?.abort(leaseOver(core.journal.require(computeId)));
  if (entry.isUnderWay || entry.retryAtMs > core.clock.monotonicMs()) return;
  entry.isUnderWay = true;
  void cell.queue
    .run(() => endNow(core, book, computeId))
    .catch((error: unknown) => noteFailure(core, entry, error))
    .finally(() => {
      entry.isUnderWay = false;
    });
}

/** Inside the compute's queue. */
async function endNow(core: Core, book: LeaseBook, computeId: string): Promise<void> {
  if (!book.isDue(computeId)) return;
  await takeUpMeter(core, computeId);
  const compute = core.journal.require(computeId);
  core.logger.info({ compute: compute.name, project: compute.project }, 'its lease is over: destroying it');
  await destroy(core, compute, { isPurge: true, reason: 'lease' }, () => undefined);
}

/** What it used while no agent was there is to be billed: how its server is, or how it ended, is found out first. */
async function takeUpMeter(core: Core, computeId: string): Promise<void> {
  const segment = core.store.openSegment(computeId);
  if (segment !== null && !core.segments.isMeasured(segment)) await reconcileNow(core, computeId);
}

function noteFailure(core: Core, entry: LeaseEntry, thrown: unknown): void {
  entry.failures += 1;
  const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (entry.failures - 1));
  entry.retryAtMs = core.clock.monotonicMs() + pauseMs;
  core.logger.warn(
    { computeId: entry.computeId, error: toDozeError(thrown).message, retryMs: pauseMs },
    'its lease is over, and it could not be destroyed; it will be tried again',
  );
}

/** Once for each end: what an agent before this one said is on record. */
function warn(core: Core, entry: LeaseEntry): void {
  const { computeId, expiresAtMs } = entry;
  entry.isWarned = true;
  const [last] = core.store.listEvents({ computeId, types: ['leaseEnding'], limit: 1 });
  if (last?.event.type === 'leaseEnding' && last.event.leaseExpiresAtMs === expiresAtMs) return;
  try {
    core.journal.record(computeId, { type: 'leaseEnding', leaseExpiresAtMs: expiresAtMs });
  } catch (error) {
    core.logger.warn(
      { computeId, error: toDozeError(error).message },
      'that its lease ends could not be put on record',
    );
  }
}
