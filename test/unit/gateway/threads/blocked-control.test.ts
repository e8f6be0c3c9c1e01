import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { createThreadedGateway, GATEWAY_DEFAULTS } from '../../../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { createFakeHost, nativeAccount, ROUTE } from '../../../support/fake-host.ts';
import { USERS } from '../../../support/gateway-harness.ts';
import { untilSo } from '../../../support/threaded-harness.ts';

const CLIENTS = 8;
const BLOCKED_MS = 1_500;
/** An answer takes far less than a millisecond; a session that waited for control would have one at the most. */
const ANSWERS = 500;
const PATIENCE_MS = 30_000;

it('forwards for every established session while control does nothing at all', async () => {
  const counts = new Int32Array(new SharedArrayBuffer(CLIENTS * 4));
  const read = (): number[] => Array.from(counts, (_, index) => Atomics.load(counts, index));
  const traffic = new Worker(new URL('../../../fixtures/traffic-thread.ts', import.meta.url), {
    workerData: counts.buffer,
    execArgv: [],
  });
  const [backendPort] = (await once(traffic, 'message')) as [number];
  const gateway = createThreadedGateway(
    { clock: createSystemClock(), logger: createSilentLogger() },
    { ...GATEWAY_DEFAULTS, listenHost: '127.0.0.1', sharedPort: 0, ports: { from: 33_500, to: 33_599 }, threads: 2 },
  );
  await gateway.start(createFakeHost(backendPort, [nativeAccount('app', USERS.app)]));
  traffic.postMessage(await gateway.open({ id: ROUTE.computeId, name: ROUTE.name, port: 0 }));
  await untilSo(async () => read().every((count) => count > 0));

  const before = read();
  const beganMs = performance.now();
  const blockedMs = (): number => performance.now() - beganMs;
  const hasEach = (): boolean => read().every((count, index) => count - before[index]! >= ANSWERS);
  while (blockedMs() < BLOCKED_MS || (!hasEach() && blockedMs() < PATIENCE_MS)) Atomics.wait(counts, 0, -1, 1);

  expect(hasEach()).toBe(true);
  await traffic.terminate();
  await gateway.shutDown();
});
