/**
 * A control plane in a process of its own that can be made to die, by SIGKILL, right before or right after any
 * step that leaves a trace: a record in the store, or a verb of the driver.
 *
 *   node crash-agent.ts HOME OPERATION[,OPERATION...] KILL_AT [IMAGE]
 *
 * With IMAGE its compute keeps nothing, and runs that.
 * KILL_AT is about the last operation (and, if it is the only one, the start before it): it counts steps from 1, or,
 * as `t250`, milliseconds; 0 never dies. Prints the compute as JSON when the counting begins, `step N NAME` for each
 * step and, at the end, a report.
 */
import { join } from 'node:path';
import { argv, exit, pid, stdout } from 'node:process';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createControlPlane, DEFAULT_TIMEOUTS, type ControlPlane } from '../../src/lib/control/index.ts';
import { createDockerDriver, type Driver } from '../../src/lib/drivers/index.ts';
import { createMariaDbEngine } from '../../src/lib/engines/index.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { createStore, type Store } from '../../src/lib/store/index.ts';
import { createFakeGate } from './fake-gate.ts';
import { createFakeStorageTier } from './fake-storage-tier.ts';
import { UNLIMITED } from './unlimited-settings.ts';

const NAME = 'crash';
const CLONE = 'twin';
const PROJECT = 'default';
const DEADLINE_MS = 120_000;
/** Longer than any test. */
const LEASE_MS = 3_600_000;
const never = new AbortController().signal;

const [, , home = '', operations = '', killAtText = '0', statelessImage] = argv;
const STATELESS =
  statelessImage === undefined ? {} : { image: statelessImage, storage: { pageServer: 'ps', safekeepers: 'sk' } };
let steps = 0;
let killAt = 0;
let lastStep = '';

/**
 * Counts a step; the chosen one is the last thing that this process does. What is on disk before a step is what was
 * there after the one before it: to die at both would be to die twice at the same place.
 */
function step(name: string): void {
  const isSamePlace = name.startsWith('before') && lastStep.startsWith('after');
  lastStep = name;
  if (isSamePlace) return;
  steps += 1;
  stdout.write(`step ${steps} ${name}\n`);
  if (steps === killAt) process.kill(pid, 'SIGKILL');
}

function beginToCount(): void {
  steps = 0;
  lastStep = '';
  stdout.write(`begins ${JSON.stringify(store.findCompute(PROJECT, NAME) ?? store.findRestorable(PROJECT, NAME))}\n`);
  if (killAtText.startsWith('t')) setTimeout(() => process.kill(pid, 'SIGKILL'), Number(killAtText.slice(1)));
  else killAt = Number(killAtText);
}

function withSteps(store: Store): Store {
  return {
    ...store,
    append(computeId, event, atMs) {
      step(`before ${event.type}`);
      const compute = store.append(computeId, event, atMs);
      step(`after ${event.type}`);
      return compute;
    },
    putSnapshot(snapshot) {
      step(`before snapshot ${snapshot.state}`);
      store.putSnapshot(snapshot);
      step(`after snapshot ${snapshot.state}`);
    },
    putSpare(spare) {
      step(`before spare ${spare.state}`);
      store.putSpare(spare);
      step(`after spare ${spare.state}`);
    },
    deleteSpare(id) {
      step('before spare gone');
      store.deleteSpare(id);
      step('after spare gone');
    },
    deleteSnapshot(id) {
      step('before snapshot gone');
      store.deleteSnapshot(id);
      step('after snapshot gone');
    },
  };
}

const VERBS = ['create', 'start', 'suspend', 'resize', 'remove', 'purge', 'copyData', 'removeSnapshot'] as const;

function withVerbSteps(driver: Driver): Driver {
  const wrapped: Record<string, unknown> = {};
  for (const verb of VERBS) {
    const run = driver[verb].bind(driver) as (...args: unknown[]) => Promise<unknown>;
    wrapped[verb] = async (...args: unknown[]) => {
      step(`before ${verb}`);
      const result = await run(...args);
      step(`after ${verb}`);
      return result;
    };
  }
  return new Proxy(driver, { get: (target, key) => wrapped[String(key)] ?? (Reflect.get(target, key) as unknown) });
}

async function actInTurn(control: ControlPlane, store: Store): Promise<void> {
  const [last = '', ...earlier] = operations.split(',').toReversed();
  if (earlier.length === 0) beginToCount();
  await control.start();
  for (const operation of earlier.toReversed()) await act(control, store, operation);
  if (earlier.length > 0) beginToCount();
  await act(control, store, last);
}

async function act(control: ControlPlane, store: Store, operation: string): Promise<void> {
  const { operations } = control;
  const quiet = (): undefined => undefined;
  const compute = store.findCompute(PROJECT, NAME);
  const [verb = '', depth] = operation.split(':');
  switch (verb) {
    case 'recover':
      await untilPoolsAreKept(control);
      return;
    case 'pool':
      await operations.setPool({ size: Number(depth), image: null }, quiet);
      await untilPoolsAreKept(control);
      return;
    case 'unmake':
      if (compute !== null) await operations.destroy(PROJECT, NAME, { purge: true }, quiet);
      await untilPoolsAreKept(control);
      return;
    case 'create':
      await operations.start(PROJECT, NAME, { suspendAfterMs: null, ...STATELESS }, quiet);
      return;
    case 'ephemeral':
      await operations.start(PROJECT, NAME, { suspendAfterMs: null, ephemeral: true, leaseMs: LEASE_MS }, quiet);
      return;
    case 'expire':
      // One that is on its way out gets no other end.
      if (compute?.lease?.lengthMs === LEASE_MS && compute.state !== 'destroying')
        await operations.set(PROJECT, NAME, { leaseMs: 1_000 });
      while (store.findCompute(PROJECT, NAME) !== null || store.findRestorable(PROJECT, NAME) !== null)
        await clock.sleep(20);
      return;
    case 'suspend':
      await operations.suspend(PROJECT, NAME, { depth: depth as 'parked' }, quiet);
      return;
    case 'resize': {
      const cu = Number(depth);
      await operations.resize(PROJECT, NAME, { min: cu, max: cu }, quiet);
      return;
    }
    case 'wake':
      await control.host.wake(compute?.id ?? '', never);
      return;
    case 'destroy':
      await operations.destroy(PROJECT, NAME, { purge: depth === 'purge' }, quiet);
      return;
    case 'clone':
      await operations.clone(PROJECT, NAME, { name: CLONE, at: depth ?? null }, quiet);
      return;
    case 'unclone':
      if (store.findCompute(PROJECT, CLONE) !== null) await operations.destroy(PROJECT, CLONE, { purge: true }, quiet);
      return;
    case 'snapshot':
      if (!operations.listSnapshots(PROJECT, NAME).some((snapshot) => snapshot.name === depth))
        await operations.createSnapshot(PROJECT, NAME, depth ?? null, quiet);
      return;
    case 'back':
      await operations.restoreSnapshot(PROJECT, NAME, depth ?? '', quiet);
      return;
    case 'forget':
      await operations.deleteSnapshot(PROJECT, NAME, depth ?? '');
      return;
    case 'restore':
      await operations.start(PROJECT, NAME, { restore: true }, quiet);
      return;
    default:
      throw new TypeError(`unknown operation ${operation}`);
  }
}

/** Every spare that there is to be, and no other. */
async function untilPoolsAreKept({ operations }: ControlPlane): Promise<void> {
  const isKept = (): boolean =>
    operations.listPools().every(({ size, ready, making, discarding }) => ready === size && making + discarding === 0);
  while (!isKept()) await clock.sleep(20);
}

const clock = createSystemClock();
const store = createStore({ path: join(home, 'doze.db') });
const engine = createMariaDbEngine({ clock });
const driver = createDockerDriver(
  { engine, clock },
  {
    homeId: store.homeId,
    environment: process.env,
    pull: false,
    platform: process.platform,
    slowestSwapBytesPerSecond: 0,
  },
);
const wrappedDriver = withVerbSteps(driver);
const control = createControlPlane(
  {
    store: withSteps(store),
    clock,
    engines: { mariadb: engine },
    drivers: {
      get: () => wrappedDriver,
      choose: async () => Promise.resolve(wrappedDriver),
      all: () => [wrappedDriver],
    },
    gate: createFakeGate(),
    storageTier: createFakeStorageTier(),
    logger: createSilentLogger(),
    bootId: 'one-boot',
    hostMemory: () => null,
    settings: { ...UNLIMITED, ...DEFAULT_TIMEOUTS, driver: 'docker' },
  },
  { defaultProject: PROJECT },
);
AbortSignal.timeout(DEADLINE_MS).addEventListener('abort', () => exit(3));
await actInTurn(control, store);
const found = store.findCompute(PROJECT, NAME) ?? store.findRestorable(PROJECT, NAME);
const endpoint = found === null ? null : control.host.activeEndpoint(found.id);
const segments = [...store.segments({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })].map((segment) => ({
  ...segment,
  nowMs: segment.lengthMs ?? control.openLengthMs(segment),
}));
const instances = await driver.list(AbortSignal.timeout(10_000));
const data = await driver.listData(AbortSignal.timeout(10_000));
const twin = store.findCompute(PROJECT, CLONE);
const snapshots = store.listSnapshots().map(({ id, name, state }) => ({ id, name, state }));
const kept = await driver.listSnapshots(AbortSignal.timeout(10_000));
const secrets = found === null ? null : store.getSecrets(found.id);
const { homeId } = store;
const report = {
  homeId,
  compute: found,
  endpoint,
  segments,
  instances,
  data,
  secrets,
  twin:
    twin === null
      ? null
      : { ...twin, endpoint: control.host.activeEndpoint(twin.id), secrets: store.getSecrets(twin.id) },
  snapshots,
  kept,
  spares: store.listSpares(),
  purgedWithSecrets: store
    .listComputes({ states: ['destroyed'], includeDestroyed: true })
    .filter(({ id, keptUntilMs }) => keptUntilMs === null && store.getSecrets(id) !== null)
    .map(({ id }) => id),
  verify: store.verify(),
  wallMs: clock.wallMs(),
};
stdout.write(`report ${JSON.stringify(report)}\n`);
control.close();
await driver.close();
store.close();
exit(0);
