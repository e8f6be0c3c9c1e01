import { createSystemClock } from '../../src/lib/clock.ts';
import type { Account } from '../../src/lib/domain/index.ts';
import { createGateway, type Gateway } from '../../src/lib/gateway/gateway.ts';
import { GATEWAY_DEFAULTS, type GatewayOptions } from '../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { Capability, DEFAULT_CAPABILITIES } from '../../src/lib/mysql/index.ts';
import { startFakeBackend, type FakeBackend } from './fake-backend.ts';
import { createFakeHost, nativeAccount, ROUTE, type FakeHost } from './fake-host.ts';
import { loginRawClient, openRawClient, type RawClient } from './raw-client.ts';

/** A gateway before one sleeping compute, over a server that is none. */
export interface GatewayHarness extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly host: FakeHost;
  readonly backend: FakeBackend;
  /** The compute's own port. */
  readonly port: number;
  connect(): Promise<RawClient>;
  login(user?: string, password?: string): Promise<RawClient & { readonly ok: Buffer }>;
}

export const USERS = { app: 'secret', empty: '' } as const;
/** Old style: the fake server's answers are. */
const NOT_OLD_STYLE =
  Capability.MYSQL |
  Capability.CONNECT_WITH_DB |
  Capability.CONNECT_ATTRS |
  Capability.PLUGIN_AUTH_LENENC |
  Capability.SESSION_TRACK |
  Capability.DEPRECATE_EOF;
export const CLIENT_CAPABILITIES = {
  base: ((DEFAULT_CAPABILITIES.base & ~NOT_OLD_STYLE) | Capability.MYSQL) >>> 0,
  extended: 0,
};

export async function startGatewayHarness(
  options: Partial<GatewayOptions> = {},
  accounts: readonly Account[] = Object.entries(USERS).map(([user, password]) => nativeAccount(user, password)),
): Promise<GatewayHarness> {
  const backend = await startFakeBackend(USERS);
  const host = createFakeHost(backend.port, accounts);
  const gateway = createGateway(
    { clock: createSystemClock(), logger: createSilentLogger() },
    { ...GATEWAY_DEFAULTS, listenHost: '127.0.0.1', sharedPort: 0, ports: { from: 33_400, to: 33_499 }, ...options },
  );
  await gateway.start(host);
  const port = await gateway.open({ id: ROUTE.computeId, name: ROUTE.name, port: 0 });
  const address = { host: '127.0.0.1', port };
  return {
    gateway,
    host,
    backend,
    port,
    connect: () => openRawClient(address),
    login: (user = 'app', password = USERS.app) =>
      loginRawClient({ ...address, user, password, capabilities: CLIENT_CAPABILITIES }),
    [Symbol.asyncDispose]: async () => {
      await gateway.shutDown();
      await backend[Symbol.asyncDispose]();
    },
  };
}

/** Until what is awaited is so, for what happens on other sockets. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('what was waited for never happened');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
