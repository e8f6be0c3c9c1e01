/**
 * A control plane in a process of its own, over the process driver, that does to its one compute whatever comes to its mind
 * until somebody kills it. Servers are `metered-server.sh`, which are on record themselves.
 *
 *   node metered-agent.ts HOME SERVER SEED
 *
 * Prints `up` when records and servers agree. With SEED 0 it suspends its compute and prints a report instead.
 */
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';

import { createSystemClock } from '../../src/lib/clock.ts';
import { createControlPlane, DEFAULT_TIMEOUTS, type ControlPlane } from '../../src/lib/control/index.ts';
import { createProcessDriver } from '../../src/lib/drivers/index.ts';
import { tryGreeting } from '../../src/lib/drivers/try-greeting.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { createStore } from '../../src/lib/store/index.ts';
import { createRandom } from '../office-hours/random.ts';
import { createFakeEngine } from './control-harness.ts';
import { createFakeGate } from './fake-gate.ts';
import { createFakeStorageTier } from './fake-storage-tier.ts';
import { UNLIMITED } from './unlimited-settings.ts';

const NAME = 'shop';
const PROJECT = 'default';
const never = new AbortController().signal;
const quiet = (): undefined => undefined;

const [, , home = '', serverBinary = '', seed = '0'] = argv;
const clock = createSystemClock();
const store = createStore({ path: join(home, 'doze.db'), busyTimeoutMs: 20_000 });
const engine = createFakeEngine();
// The server is a process of its own, and has to have begun before it can be billed.
engine.awaitReady = async ({ host, port }, signal) => {
  while (!(await tryGreeting({ host, port }, signal))) await clock.sleep(5, signal);
  return { ...(await engine.ready(signal)), phasesMs: {} };
};
const driver = createProcessDriver(
  { engine, clock },
  { home, serverBinary, searchPath: '/bin:/usr/bin', serverUser: 'nobody-of-this-name' },
);
const control = createControlPlane(
  {
    store,
    clock,
    engines: { mariadb: engine },
    drivers: { get: () => driver, choose: async () => Promise.resolve(driver), all: () => [driver] },
    gate: createFakeGate(),
    storageTier: createFakeStorageTier(),
    logger: createSilentLogger(),
    bootId: 'one-boot',
    hostMemory: () => null,
    settings: { ...UNLIMITED, ...DEFAULT_TIMEOUTS, driver: 'process' },
  },
  { defaultProject: PROJECT },
);

async function liveOn({ operations, host }: ControlPlane): Promise<never> {
  const random = createRandom(Number(seed));
  await operations.start(PROJECT, NAME, { suspendAfterMs: null }, quiet);
  for (;;) {
    await clock.sleep(50 + random.next() * 900);
    const compute = store.findCompute(PROJECT, NAME);
    if (compute?.state !== 'active') await host.wake(compute?.id ?? '', never);
    else if (random.next() < 0.3) await resize(operations, random.next() < 0.5 ? 0.25 : 0.5);
    else await operations.suspend(PROJECT, NAME, { depth: 'parked' }, quiet);
  }
}

async function resize(operations: ControlPlane['operations'], cu: number): Promise<void> {
  await operations.resize(PROJECT, NAME, { min: cu, max: cu }, quiet);
}

await control.start();
stdout.write('up\n');
if (seed !== '0') await liveOn(control);
if (store.findCompute(PROJECT, NAME)?.state === 'active')
  await control.operations.suspend(PROJECT, NAME, { depth: 'parked' }, quiet);
const segments = [...store.segments({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })];
const events = store.listEvents({}).map(({ atMs, event: { type } }) => ({ atMs, type }));
stdout.write(`report ${JSON.stringify({ segments, events, verify: store.verify() })}\n`);
control.close();
await driver.close();
store.close();
exit(0);
