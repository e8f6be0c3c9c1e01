import type { Compute, Segment, State } from '../domain/index.ts';
import { toDozeError } from '../errors/index.ts';
import { refreshAccounts } from './account-cache.ts';
import { createAwakeList } from './awake-list.ts';
import { createCells } from './cells.ts';
import { createStorageMeter, watchStorage } from './create-storage-meter.ts';
import { credentialsOf, type ControlDeps, type Core } from './core.ts';
import type { Credentials } from '../engines/index.ts';
import { createHost } from './host.ts';
import { watchIdle } from './idle-watch.ts';
import { createJournal } from './journal.ts';
import { createLedgerHealth, type LedgerProblem } from './ledger-health.ts';
import { liveFacts, reasons, type LiveFacts, type Reasons } from './live.ts';
import { openOnPort } from './open-port.ts';
import { createOperations, type Operations } from './operations.ts';
import type { ComputeHost } from './ports.ts';
import { onInstanceChange, reconcileAll } from './reconcile.ts';
import { keepPools } from './pool/keep-pools.ts';
import { createPlaces } from './places.ts';
import { createPoolState } from './pool/pool-state.ts';
import { createQuotas, type Quotas } from './quotas/quotas.ts';
import { watchQuotas } from './quotas/watch-quotas.ts';
import { reconcileSnapshots } from './reconcile-snapshots.ts';
import { purgeExpired } from './retention.ts';
import { createRoom, type HostRoom } from './room.ts';
import { createSegmentClock } from './segment-clock.ts';
import { createSessionSeats, type SeatLimit } from './session-seats.ts';
import { settle } from './settle.ts';
import { createTrafficBook, type TrafficBook } from './traffic-book.ts';
import { isMetered } from './meter.ts';
import { warmCaches } from './warm-caches.ts';
import { watchIdleSessions } from './watch-idle-sessions.ts';
import { watchLadders } from './watch-ladders.ts';
import { watchLeases, type LeaseWatch } from './watch-leases.ts';
import { watchLoad } from './watch-load.ts';
import { watchMemory } from './watch-memory.ts';
import { watchPinned } from './watch-pinned.ts';
import { watchRoom } from './watch-room.ts';
import { waitForState } from './wait-for.ts';

const HEARTBEAT_MS = 5_000;
const RECONCILE_MS = 30_000;
const ACCOUNTS_MS = 30_000;
const RETENTION_MS = 60_000;

export interface ControlPlane {
  /** What the gateway needs of it. */
  readonly host: ComputeHost;
  readonly operations: Operations;
  /** Opens the computes' ports, compares records with reality, then keeps doing so. */
  start(): Promise<void>;
  live(compute: Compute): Promise<LiveFacts>;
  /** The part of it that is cheap to ask of a thousand. */
  reasons(compute: Compute, hasSessions: boolean): Promise<Reasons>;
  credentials(compute: Compute): Credentials;
  waitFor(computeId: string, state: State | null, signal: AbortSignal): Promise<Compute>;
  /** Calls back after each event that is put on record. */
  onChange(listener: () => void): Disposable;
  /** What of each host is in use. */
  hosts(): readonly HostRoom[];
  /** Length of an open segment so far, in milliseconds. */
  openLengthMs(segment: Segment): number;
  /** Why nothing can be put on record; null while it can. */
  ledgerProblem(): LedgerProblem | null;
  /** Takes what clients did until now from the gateway, for the last record. */
  collectTraffic(): Promise<void>;
  /** Stops the loops. Computes go on running; what is under way is finished by the next agent. */
  close(): void;
}

export function createControlPlane(deps: ControlDeps, options: { readonly defaultProject: string }): ControlPlane {
  const core = createCore(deps);
  const traffic = createTrafficBook(core);
  const loops = new DisposableStack();

  return {
    host: createHost(core, options.defaultProject),
    operations: createOperations(core),
    async start() {
      for (const driver of core.drivers.all()) loops.use(driver.watch((change) => onInstanceChange(core, change)));
      await openPorts(core, loops.use(watchLeases(core)));
      await reconcileAll(core);
      await reconcileSnapshots(core);
      await purgeExpired(core);
      startLoops(core, traffic, loops);
    },
    live: (compute) => liveFacts(core, compute),
    reasons: (compute, hasSessions) => reasons(core, compute, hasSessions),
    credentials: (compute) => credentialsOf(core, compute),
    waitFor: (computeId, state, signal) => waitForState(core, computeId, state, signal),
    onChange: (listener) => core.journal.onChange(listener),
    hosts: () => core.room.hosts(),
    openLengthMs: (segment) => core.segments.lengthMs(segment),
    ledgerProblem: () => core.ledger.problem(),
    collectTraffic: () => traffic.collect(),
    close() {
      loops.dispose();
      beat(core, traffic);
      core.storage.account();
    },
  };
}

function createCore(deps: ControlDeps): Core {
  const journal = createJournal(deps);
  const awake = createAwakeList(deps.store, journal);
  const places = createPlaces();
  const segments = createSegmentClock(deps);
  const quotas = createQuotas({ ...deps, journal, segments, awake, places, seats: () => core.seats });
  const core: Core = {
    ...deps,
    cells: createCells(),
    journal,
    room: createRoom(deps, { journal, awake, places, quotas }),
    segments,
    ledger: createLedgerHealth(deps.clock),
    pool: createPoolState(),
    quotas,
    seats: createSessionSeats((project) => sessionLimit(deps, quotas, project)),
    get storage() {
      return storage;
    },
    settle: (computeId, onProgress) => settle(core, computeId, onProgress),
  };
  const storage = createStorageMeter(core);
  return core;
}

/** A project's own limit goes before the one that is set for all. */
function sessionLimit({ settings }: ControlDeps, quotas: Quotas, project: string): ReturnType<SeatLimit> {
  const own = quotas.limitsOf(project).sessions;
  if (own !== undefined) return { most: own, name: 'sessions' };
  const { maxProjectSessions: most } = settings;
  return most === null ? null : { most, name: 'maxProjectSessions' };
}

function startLoops(core: Core, traffic: TrafficBook, loops: DisposableStack): void {
  const collectAndBeat = async (): Promise<void> => {
    await traffic.collect();
    core.ledger.watch(() => beat(core, traffic));
  };
  loops.use(repeat(core, 'heartbeat', HEARTBEAT_MS, collectAndBeat));
  loops.use(watchStorage(core));
  loops.use(repeat(core, 'reconcile', RECONCILE_MS, () => reconcileAll(core)));
  loops.use(repeat(core, 'accounts', ACCOUNTS_MS, () => refreshAll(core)));
  loops.use(repeat(core, 'retention', RETENTION_MS, () => purgeExpired(core)));
  loops.use(watchIdle(core));
  loops.use(watchLadders(core));
  loops.use(watchPinned(core));
  loops.use(watchIdleSessions(core));
  loops.use(watchMemory(core));
  loops.use(watchRoom(core));
  loops.use(watchQuotas(core));
  loops.use(watchLoad(core));
  loops.use(warmCaches(core));
  loops.use(keepPools(core));
}

/** A round that fails (a full disk, say) is logged, and the next one is tried all the same. */
function repeat(core: Core, name: string, ms: number, run: () => void | Promise<void>): Disposable {
  return core.clock.every(ms, async () => {
    try {
      await run();
    } catch (error) {
      core.logger.error({ loop: name, error: toDozeError(error).message }, 'a round of a control loop failed');
    }
  });
}

async function openPorts(core: Core, leases: LeaseWatch): Promise<void> {
  for (const compute of core.store.listComputes()) {
    if (leases.isDue(compute.id)) continue;
    try {
      await openOnPort(core, compute);
    } catch (error) {
      core.logger.error({ compute: compute.name, error: toDozeError(error).message }, 'port could not be opened');
    }
  }
}

function beat(core: Core, traffic: TrafficBook): boolean {
  const open = core.store
    .listComputes({ states: ['active', 'suspended'] })
    .filter(isMetered)
    .map((compute) => core.store.openSegment(compute.id))
    .filter((segment) => segment !== null);
  return traffic.hand((handed) => core.segments.beat(open, handed));
}

async function refreshAll(core: Core): Promise<void> {
  for (const compute of core.store.listComputes({ states: ['active'] })) await refreshAccounts(core, compute.id);
}
