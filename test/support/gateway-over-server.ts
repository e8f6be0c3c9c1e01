import { createSystemClock } from '../../src/lib/clock.ts';
import type { Blocker } from '../../src/lib/domain/index.ts';
import { createMariaDbEngine } from '../../src/lib/engines/index.ts';
import { createGateway, type Gateway } from '../../src/lib/gateway/gateway.ts';
import { GATEWAY_DEFAULTS, type GatewayOptions } from '../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../src/lib/logger.ts';
import { createFakeHost, ROUTE, type FakeHost } from './fake-host.ts';
import { ROOT_PASSWORD, startMariaDbServer, type MariaDbServer, type MariaDbServerOptions } from './mariadb-server.ts';

/** A gateway before a real server, with a control plane that can only freeze it and thaw it. */
export interface GatewayOverServer extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly host: FakeHost;
  readonly server: MariaDbServer;
  /** The compute's own port. */
  readonly port: number;
  /** What the control plane would have found out of its routines. */
  mayHideState: boolean;
  /** Snapshots the accounts and freezes the server, as an idle suspend does. */
  freeze(): Promise<void>;
  /** Stops the server, as a suspend to `parked` does. @returns why not; then it runs as before */
  park(): Promise<readonly Blocker[]>;
  /** As `park`, for the sessions alone: the server goes on, which takes no time. */
  parkSessions(): Promise<readonly Blocker[]>;
}

export async function startGatewayOverServer(
  options: MariaDbServerOptions = {},
  gatewayOptions: Partial<GatewayOptions> = {},
): Promise<GatewayOverServer> {
  const server = await startMariaDbServer(options);
  const clock = createSystemClock();
  const engine = createMariaDbEngine({ clock });
  const root = { host: server.host, port: server.port, user: 'root', password: ROOT_PASSWORD };
  const host = createFakeHost(server.port, []);
  host.endpoint = { ...host.endpoint, takesClientAddress: true };
  const refresh = async () => {
    if (host.isActive) host.snapshot = await engine.readAccounts(root, AbortSignal.timeout(10_000));
    return host.snapshot;
  };
  const route = { ...ROUTE, serverVersion: await versionOf(server) };
  host.findRoute = (computeId) =>
    computeId === route.computeId
      ? { ...route, connectionPool: host.connectionPool, certificate: host.certificate }
      : null;
  host.certificate = options.identity?.certificate ?? null;
  host.refreshAccounts = refresh;
  host.isActive = true;
  await refresh();
  let isStopped = false;
  host.onWake = async () => {
    server.thaw();
    if (isStopped) await server.restart();
    isStopped = false;
  };
  const gateway = createGateway(
    { clock, logger: createSilentLogger() },
    {
      ...GATEWAY_DEFAULTS,
      listenHost: '127.0.0.1',
      sharedPort: 0,
      ports: { from: 33_400, to: 33_499 },
      ...gatewayOptions,
    },
  );
  await gateway.start(host);
  const port = await gateway.open({ id: ROUTE.computeId, name: ROUTE.name, port: 0 });
  const park = async (stop: () => Promise<void>): Promise<readonly Blocker[]> => {
    gateway.hold(ROUTE.computeId);
    await refresh();
    await gateway.lookAtSessions(ROUTE.computeId, { mayHideState: over.mayHideState });
    const blockers = gateway.blockers(ROUTE.computeId, 'parked');
    if (blockers.length === 0) {
      host.isActive = false;
      gateway.parkSessions(ROUTE.computeId, 'suspended');
      await stop();
    }
    gateway.release(ROUTE.computeId);
    return blockers;
  };
  const over: GatewayOverServer = {
    gateway,
    host,
    server,
    port,
    mayHideState: false,
    freeze: async () => {
      gateway.hold(ROUTE.computeId);
      await refresh();
      host.isActive = false;
      server.freeze();
      gateway.release(ROUTE.computeId);
    },
    park: () =>
      park(async () => {
        await server.stop();
        isStopped = true;
      }),
    parkSessions: () => park(() => Promise.resolve()),
    [Symbol.asyncDispose]: async () => {
      server.thaw();
      await gateway.shutDown();
      await server[Symbol.asyncDispose]();
    },
  };
  return over;
}

async function versionOf(server: MariaDbServer): Promise<string> {
  await using root = await server.asRoot();
  const [row] = await root.queryRows('SELECT VERSION() AS version');
  return String(row?.['version']);
}
