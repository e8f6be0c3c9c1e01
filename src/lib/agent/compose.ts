import { createControlPlane, DEFAULT_TIMEOUTS, type ControlSettings } from '../control/index.ts';
import { createDockerDriver, createDockerImages, createProcessDriver } from '../drivers/index.ts';
import { createMariaDbEngine } from '../engines/index.ts';
import type { AgentSettings, Environment } from '../config/index.ts';
import { createThreadedGateway, GATEWAY_DEFAULTS } from '../gateway/index.ts';
import type { AgentCore, Running } from './running.ts';
import { readBootId } from './boot-id.ts';
import { defaultLadder, findHostKind } from './default-ladder.ts';
import { createDriverRegistry } from './driver-registry.ts';
import { gatewayThreads } from './gateway-threads.ts';
import { hostLimits } from './host-limits.ts';
import { maxClientDescriptor, readOpenFileLimit } from './open-file-limit.ts';
import { readHostMemory, usableMemoryBytes } from './host-memory.ts';
import { createServerInstaller } from './server-installer.ts';
import { chooseSharedPort, keepSharedPort } from './shared-port.ts';
import { createStorageTier } from './storage-tier.ts';
import { readClientTls, watchClientTls } from './tls/client-tls.ts';
import { watchStorage } from './watch-storage.ts';

/** Whose computes need no project in the user name on the shared port. */
const DEFAULT_PROJECT = 'default';

/** Builds what is behind the API and lets clients in. Reconciling goes on when this returns. */
export async function compose(core: Omit<AgentCore, 'running'>, environment: Environment): Promise<Running> {
  const { store, clock, logger, settings, paths } = core;
  const engine = createMariaDbEngine({ clock });
  const drivers = createDriverRegistry([
    createDockerDriver(
      { engine, clock, logger },
      {
        homeId: store.homeId,
        environment: environment.docker,
        pull: settings.autoPull,
        platform: process.platform,
      },
    ),
    createProcessDriver(
      { engine, clock, logger },
      { home: paths.home, serverBinary: settings.serverBinary, searchPath: environment.path },
    ),
  ]);
  const tlsDeps = { clock, logger, settings, paths };
  const tls = readClientTls(tlsDeps);
  const gateway = createThreadedGateway(
    { clock, logger },
    {
      ...GATEWAY_DEFAULTS,
      listenHost: settings.gatewayHost,
      sharedPort: chooseSharedPort(store, settings.sharedPort),
      ports: settings.gatewayPorts,
      wakeTimeoutMs: settings.wakeTimeoutMs,
      drainTimeoutMs: settings.drainTimeoutMs,
      maxDescriptor: maxClientDescriptor(readOpenFileLimit(process.platform)),
      tls,
      threads: gatewayThreads(settings.gatewayThreads),
    },
  );
  const storage = watchStorage(core);
  const control = createControlPlane(
    {
      store,
      clock,
      engines: { mariadb: engine },
      drivers,
      gate: gateway,
      storageTier: createStorageTier(storage, clock),
      logger,
      settings: controlSettings(settings, environment),
      bootId: readBootId(),
      hostMemory: readHostMemory,
    },
    { defaultProject: DEFAULT_PROJECT },
  );
  await gateway.start(control.host);
  keepSharedPort(store, { wanted: settings.sharedPort, bound: gateway.sharedPort });
  return {
    control,
    gateway,
    drivers,
    images: createDockerImages(environment.docker),
    installer: createServerInstaller(environment.path),
    storage,
    tlsWatch: tls === null ? null : watchClientTls(tlsDeps, gateway, tls),
    reconciled: control.start(),
  };
}

function controlSettings(settings: AgentSettings, environment: Environment): ControlSettings {
  return {
    ...DEFAULT_TIMEOUTS,
    driver: settings.driver,
    size: settings.size,
    connectionWaitMs: settings.connectionWaitMs,
    scaleDownAfterMs: settings.scaleDownAfterMs,
    hostLimits: hostLimits(settings.hostCu, usableMemoryBytes()),
    endPinnedAfterMs: settings.endPinnedAfterMs,
    maxSessions: settings.maxSessions,
    maxProjectSessions: settings.maxProjectSessions,
    sessionIdleTimeoutMs: settings.sessionIdleTimeoutMs,
    quotaGraceMs: settings.quotaGraceMs,
    memoryReserve: settings.memoryReserve,
    ladder: defaultLadder(settings, () => findHostKind(environment, process.platform)),
    keepDestroyedMs: settings.keepDestroyedMs,
    gatewayPorts: settings.gatewayPorts,
    engineVersion: settings.mariadbVersion,
    image: settings.mariadbImage,
  };
}
