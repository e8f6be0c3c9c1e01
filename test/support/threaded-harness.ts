import type { Worker } from 'node:worker_threads';

import { createSystemClock } from '../../src/lib/clock.ts';
import {
  createThreadedGateway,
  GATEWAY_DEFAULTS,
  type GatewayOptions,
  type GatewayService,
} from '../../src/lib/gateway/index.ts';
import { slotOf } from '../../src/lib/gateway/connection-ids.ts';
import type { Logger } from '../../src/lib/logger.ts';
import { startFakeBackend, type FakeBackend } from './fake-backend.ts';
import { createFakeHost, nativeAccount, ROUTE, type FakeHost } from './fake-host.ts';
import { CLIENT_CAPABILITIES, USERS } from './gateway-harness.ts';
import { loginRawClient, type RawClient } from './raw-client.ts';

export type LoggedIn = RawClient & { readonly ok: Buffer };

/** A gateway on threads of its own before one sleeping compute, over a server that is none. */
export interface ThreadedHarness extends AsyncDisposable {
  readonly gateway: GatewayService;
  readonly host: FakeHost;
  readonly backend: FakeBackend;
  readonly port: number;
  /** Those that were started, in order. */
  readonly workers: readonly Worker[];
  readonly log: readonly { readonly level: keyof Logger; readonly message: string }[];
  login(user?: string, port?: number): Promise<LoggedIn>;
  /** Logs in until it has a client at each of two threads. */
  loginAtEach(): Promise<[LoggedIn, LoggedIn]>;
}

const MOST_LOGINS = 200;

export async function startThreadedHarness(
  threads: number,
  options: Partial<GatewayOptions> = {},
  wantedPort = 0,
): Promise<ThreadedHarness> {
  const backend = await startFakeBackend(USERS);
  const host = createFakeHost(
    backend.port,
    Object.entries(USERS).map(([user, password]) => nativeAccount(user, password)),
  );
  const workers: Worker[] = [];
  const onWorker = (worker: Worker): void => void workers.push(worker);
  process.on('worker', onWorker);
  const log: { level: keyof Logger; message: string }[] = [];
  const write =
    (level: keyof Logger) =>
    (_facts: unknown, message: string): void =>
      void log.push({ level, message });
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const gateway = createThreadedGateway(
    { clock: createSystemClock(), logger },
    {
      ...GATEWAY_DEFAULTS,
      listenHost: '127.0.0.1',
      sharedPort: 0,
      ports: { from: 33_500, to: 33_599 },
      threads,
      ...options,
    },
  );
  await gateway.start(host);
  const port = await gateway.open({ id: ROUTE.computeId, name: ROUTE.name, port: wantedPort });
  const login = (user = 'app', to = port): Promise<LoggedIn> =>
    loginRawClient({
      host: '127.0.0.1',
      port: to,
      user,
      password: USERS.app,
      capabilities: CLIENT_CAPABILITIES,
    });
  return {
    gateway,
    host,
    backend,
    port,
    workers,
    log,
    login,
    loginAtEach: async () => {
      const bySlot: (LoggedIn | undefined)[] = Array.from({ length: threads }, () => undefined);
      for (let count = 0; count < MOST_LOGINS && bySlot.includes(undefined); count += 1) {
        const client = await login();
        const slot = slotOf(client.greeting.connectionId) ?? -1;
        if (bySlot[slot] === undefined) bySlot[slot] = client;
        else await client[Symbol.asyncDispose]();
      }
      return bySlot as [LoggedIn, LoggedIn];
    },
    [Symbol.asyncDispose]: async () => {
      process.off('worker', onWorker);
      await gateway.shutDown();
      await backend[Symbol.asyncDispose]();
    },
  };
}

/** Until what is asked for is so, for what happens on other threads. */
export async function untilSo(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('what was waited for never happened');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
