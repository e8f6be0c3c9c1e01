import { createDeadline } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import type { StorageAccount, StorageLevel } from '../store/index.ts';
import { driverOf, type Core } from './core.ts';
import { storageSpan, type Instant } from './plan-storage.ts';
import type { StorageMeter } from './storage-meter.ts';

const TICK_MS = 10_000;
/** Of what does not change, it is written that it was there. */
const ACCOUNT_MS = 60_000;
/** Walking through the files takes a moment of the disk each time. */
const SAMPLE_MS = 300_000;
/** Where a project has a limit for it. */
const LIMITED_SAMPLE_MS = 10_000;
const LOOK_MS = 2_000;
/** A thousand that were never measured are in nobody's way. */
const SLEEPERS_A_TICK = 2;
/** Computes whose accounts are written in one go: after weeks without an agent there are hundreds of hours of each. */
const BATCH = 100;

/** Whose storage is accounted, and what it takes; null where it is gone. */
interface Owner {
  readonly computeId: string;
  readonly size: Pick<StorageLevel, 'dataBytes' | 'bytes'> | null;
}

export function createStorageMeter(core: Core): StorageMeter {
  let levels: Map<string, StorageLevel> | null = null;
  /** What the data takes, as last measured in this process. */
  const measured = new Map<string, number>();
  const triedMs = new Map<string, number>();
  let accountedMs = Number.NEGATIVE_INFINITY;

  const known = (): Map<string, StorageLevel> =>
    (levels ??= new Map(core.store.storageLevels().map((level) => [level.computeId, level])));

  async function measure(compute: Compute): Promise<void> {
    triedMs.set(compute.id, core.clock.monotonicMs());
    const bytes = await sizeOf(core, compute);
    if (bytes !== null) measured.set(compute.id, bytes);
  }

  function isDue({ id, state, project }: Compute): boolean {
    const lastMs = triedMs.get(id) ?? Number.NEGATIVE_INFINITY;
    const isLimited = core.quotas.limitsOf(project).storageBytes !== undefined;
    const pauseMs = isLimited ? LIMITED_SAMPLE_MS : SAMPLE_MS;
    if (state === 'active') return core.clock.monotonicMs() - lastMs >= pauseMs;
    // Whether its driver can without waking it is found out once.
    return !triedMs.has(id) && !known().has(id);
  }

  function dataBytesOf(compute: Compute, all: readonly Compute[]): number | null {
    const { id, storage } = compute;
    const told = storage === undefined ? null : core.storageTier.storageBytes(compute, all);
    return told ?? measured.get(id) ?? known().get(id)?.dataBytes ?? null;
  }

  /** Who has data, and who had some at the last account. */
  function owners(): Owner[] {
    const live = core.store.listComputes();
    const kept = new Map(live.map((compute) => [compute.id, compute]));
    for (const id of known().keys()) {
      const compute = kept.has(id) ? null : core.store.getCompute(id);
      if (compute !== null && compute.keptUntilMs !== null) kept.set(id, compute);
    }
    const snapshotBytes = sumSnapshots(core);
    const ended = [...known().keys()].filter((id) => !kept.has(id));
    return [
      ...ended.map((computeId) => ({ computeId, size: null })),
      ...[...kept.values()].flatMap((compute) => {
        const dataBytes = dataBytesOf(compute, live);
        if (dataBytes === null) return [];
        const bytes = dataBytes + (snapshotBytes.get(compute.id) ?? 0);
        return [{ computeId: compute.id, size: { dataBytes, bytes } }];
      }),
    ];
  }

  /** Each from where it was accounted last, as it is now: something else may have been written since the owners were looked up. */
  function write(owners: readonly Owner[]): void {
    const at = instantOf(core);
    const batch = owners.map(({ computeId, size }) => accountOf(known().get(computeId), size, at, computeId));
    putOnRecord(core, batch);
    for (const { computeId, level } of batch) {
      if (level !== null) known().set(computeId, level);
      else {
        known().delete(computeId);
        measured.delete(computeId);
        triedMs.delete(computeId);
      }
    }
  }

  const hasChanged = (): boolean =>
    [...measured].some(([id, bytes]) => known().get(id)?.dataBytes !== bytes && isThere(core, id));

  return {
    async tick() {
      const due = core.store
        .listComputes({ states: ['active', 'suspended'] })
        .filter((compute) => compute.storage === undefined && isDue(compute));
      for (const compute of fewAsleep(due)) await measure(compute);
      if (core.clock.monotonicMs() - accountedMs < ACCOUNT_MS && !hasChanged()) return;
      accountedMs = core.clock.monotonicMs();
      const all = owners();
      for (let at = 0; at < all.length; at += BATCH) {
        write(all.slice(at, at + BATCH));
        await core.clock.sleep(0);
      }
    },
    async noteSleep(compute) {
      const isKnown = measured.has(compute.id) || known().has(compute.id);
      if (compute.storage === undefined && !isKnown) await measure(compute);
    },
    account: () => write(owners()),
  };
}

function putOnRecord({ ledger, store }: Core, batch: readonly StorageAccount[]): void {
  ledger.watch(() => {
    if (batch.length > 0) store.accountStorage(batch);
    return batch.length > 0;
  });
}

/** All that are awake, and a few of those that sleep. */
function fewAsleep(due: readonly Compute[]): readonly Compute[] {
  const asleep = due.filter(({ state }) => state === 'suspended').slice(0, SLEEPERS_A_TICK);
  return [...due.filter(({ state }) => state === 'active'), ...asleep];
}

function instantOf({ clock, bootId }: Core): Instant {
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs(), bootId };
}

export function watchStorage(core: Core): Disposable {
  return core.clock.every(TICK_MS, async () => {
    try {
      await core.storage.tick();
    } catch (error) {
      core.logger.error(
        { error: toDozeError(error).message },
        'the storage of computes could not be put on record yet',
      );
    }
  });
}

function accountOf(
  before: StorageLevel | undefined,
  size: Owner['size'],
  at: Instant,
  computeId: string,
): StorageAccount {
  const { hours, end } = before === undefined ? { hours: [], end: { ...at, remainder: 0 } } : storageSpan(before, at);
  return { computeId, hours, level: size === null ? null : { computeId, ...size, ...end } };
}

function isThere({ store }: Core, id: string): boolean {
  const compute = store.getCompute(id);
  return compute !== null && compute.state !== 'destroyed';
}

/** Null where it cannot be told now. Never rejects: the last size stands. */
async function sizeOf(core: Core, compute: Compute): Promise<number | null> {
  using deadline = createDeadline(LOOK_MS, () => new DozeError('TIMED_OUT', 'its data could not be measured'));
  try {
    return await driverOf(core, compute).storageBytes(compute.id, deadline.signal);
  } catch (error) {
    core.logger.debug({ compute: compute.name, error: toDozeError(error).message }, 'its data could not be measured');
    return null;
  }
}

/** Each with its own size, also where the file system shares blocks: so is the data itself measured. */
function sumSnapshots({ store }: Core): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { computeId, copied } of store.listSnapshots())
    if (copied !== null) sums.set(computeId, (sums.get(computeId) ?? 0) + copied.bytes);
  return sums;
}
