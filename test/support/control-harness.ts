import {
  createControlPlane,
  DEFAULT_TIMEOUTS,
  type ControlPlane,
  type ControlSettings,
  type HostMemory,
} from '../../src/lib/control/index.ts';
import type { AccountSnapshot, Compute } from '../../src/lib/domain/index.ts';
import { createFakeDriver, createFakeWorld, type FakeWorld } from '../../src/lib/drivers/fake/index.ts';
import type { CacheState, Engine, ServerLoad } from '../../src/lib/engines/index.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import type { Store } from '../../src/lib/store/index.ts';
import { createStore } from '../../src/lib/store/index.ts';
import { createFakeGate, type FakeGate } from './fake-gate.ts';
import { createFakeStorageTier, type FakeStorageTier } from './fake-storage-tier.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { UNLIMITED } from './unlimited-settings.ts';

const SETTINGS: ControlSettings = {
  driver: 'fake',
  ...UNLIMITED,
  size: { min: 0.5, max: 0.5 },
  ladder: [{ depth: 'parked', afterMs: 300_000 }],
  memoryReserve: 0.1,
  keepDestroyedMs: 86_400_000,
  gatewayPorts: { from: 20_000, to: 20_009 },
  ...DEFAULT_TIMEOUTS,
};

/** A control plane on a fake driver, gate and engine, a simulated clock and a real store. */
export interface Harness {
  readonly control: ControlPlane;
  readonly store: Store;
  readonly world: FakeWorld;
  readonly gate: FakeGate;
  readonly clock: SimulatedClock;
  readonly engine: FakeEngine;
  readonly storageTier: FakeStorageTier;
  /** What the host says of its memory. */
  readonly memory: { now: HostMemory | null };
  start(name: string, options?: Parameters<ControlPlane['operations']['start']>[2]): Promise<Compute>;
  compute(name: string): Compute;
  /** A new control plane on the same store, world and clock, as after `kill -9`. */
  restartAgent(settings?: Partial<ControlSettings>): Promise<Harness>;
}

export interface FakeEngine extends Engine {
  accounts: AccountSnapshot;
  ready: (signal: AbortSignal) => Promise<{ serverVersion: string }>;
  accountsError: Error | null;
  load: ServerLoad;
  /** Every size that the server was asked to take. */
  readonly resizes: number[];
  resizeError: Error | null;
  /** The sizes for which servers were asked to settle in after their start. */
  readonly settledIn: number[];
  settleInError: Error | null;
  /** The server's ids of what it was told to end. */
  readonly kills: number[];
  killError: Error | null;
  hold: () => Promise<AsyncDisposable>;
  cache: CacheState;
  cacheError: Error | null;
  /** What was asked of the server about its cache, in order. */
  readonly cacheCalls: string[];
}

interface Parts {
  readonly store: Store;
  readonly world: FakeWorld;
  readonly clock: SimulatedClock;
  readonly settings: ControlSettings;
  readonly bootId: string;
  readonly storageTier: FakeStorageTier;
  readonly memory: { now: HostMemory | null };
}

export async function createHarness(settings: Partial<ControlSettings> = {}): Promise<Harness> {
  const clock = createSimulatedClock();
  const store = createStore({ path: ':memory:' });
  return launch({
    store,
    world: createFakeWorld(),
    clock,
    settings: { ...SETTINGS, ...settings },
    bootId: 'boot-1',
    storageTier: createFakeStorageTier(),
    memory: { now: null },
  });
}

async function launch(parts: Parts): Promise<Harness> {
  const { store, world, clock } = parts;
  const gate = createFakeGate();
  const engine = createFakeEngine();
  const driver = createFakeDriver(world);
  const control = createControlPlane(
    {
      store,
      clock,
      gate,
      engines: { mariadb: engine },
      logger: createSilentLogger(),
      settings: parts.settings,
      bootId: parts.bootId,
      hostMemory: () => parts.memory.now,
      storageTier: parts.storageTier,
      drivers: { get: () => driver, choose: async () => Promise.resolve(driver), all: () => [driver] },
    },
    { defaultProject: 'default' },
  );
  await control.start();
  return {
    control,
    store,
    world,
    gate,
    clock,
    engine,
    storageTier: parts.storageTier,
    memory: parts.memory,
    async start(name, options = {}) {
      return (await control.operations.start('default', name, options, () => undefined)).compute;
    },
    compute(name) {
      const found = store.findCompute('default', name);
      if (found === null) throw new TypeError(`no compute ${name}`);
      return found;
    },
    async restartAgent(settings = {}) {
      world.listeners.clear();
      return launch({ ...parts, settings: { ...parts.settings, ...settings } });
    },
  };
}

export function createFakeEngine(): FakeEngine {
  const engine: FakeEngine = {
    name: 'mariadb',
    versions: ['10.11'],
    serverBinaries: ['mariadbd'],
    officialImage: (version) => `mariadb:${version}`,
    templateScript: 'true',
    serverArguments: () => [],
    initSql: () => 'SELECT 1;',
    initSqlOfCopy: () => 'SELECT 2;',
    initSqlOfSpare: () => 'SELECT 3;',
    holdWrites: async () => engine.hold(),
    mayHideState: async () => Promise.resolve(false),
    readRoutineEffects: async () => Promise.resolve('none'),
    sharedConnections: () => 20,
    ready: async () => Promise.resolve({ serverVersion: '10.11.19-MariaDB' }),
    accounts: { takenAtMs: 0, accounts: [] },
    accountsError: null,
    hold: async () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    startPhaseEndedBy: () => null,
    awaitReady: async (_target, signal) => ({ ...(await engine.ready(signal)), phasesMs: { listen: 100 } }),
    introduce: async (_root, _credentials, signal) => ({ ...(await engine.ready(signal)), phasesMs: { listen: 100 } }),
    load: { poolBytes: 1024 ** 3, dataBytes: 0, requests: 0, misses: 0, isWarming: false },
    resizes: [],
    resizeError: null,
    settledIn: [],
    settleInError: null,
    async settleIn(_target, cu) {
      engine.settledIn.push(cu);
      if (engine.settleInError !== null) throw engine.settleInError;
      return Promise.resolve();
    },
    kills: [],
    killError: null,
    async killConnection(_target, connectionId) {
      engine.kills.push(connectionId);
      if (engine.killError !== null) throw engine.killError;
      return Promise.resolve();
    },
    bufferPoolBytes: (cu) => cu * 2 * 1024 ** 3,
    readLoad: async () => Promise.resolve(engine.load),
    cache: 'kept',
    cacheCalls: [],
    readCache: async () => {
      engine.cacheCalls.push('look');
      if (engine.cacheError !== null) throw engine.cacheError;
      const { poolBytes, dataBytes } = engine.load;
      return Promise.resolve({ state: engine.cache, poolBytes, dataBytes });
    },
    cacheError: null,
    beginWarming: async () => {
      engine.cacheCalls.push('begin');
      engine.cache = 'warming';
      return Promise.resolve();
    },
    pauseWarming: async () => {
      engine.cacheCalls.push('pause');
      engine.cache = 'cold';
      return Promise.resolve();
    },
    endWarming: async () => {
      engine.cacheCalls.push('end');
      engine.cache = 'kept';
      return Promise.resolve();
    },
    async resize(_target, cu) {
      engine.resizes.push(cu);
      if (engine.resizeError !== null) throw engine.resizeError;
      engine.load = { ...engine.load, poolBytes: engine.bufferPoolBytes(cu) };
      return Promise.resolve();
    },
    async readAccounts() {
      if (engine.accountsError !== null) throw engine.accountsError;
      return Promise.resolve(engine.accounts);
    },
  };
  return engine;
}
