import type { Clock } from '../clock.ts';
import { AGENT_USER, type Compute, type EngineName } from '../domain/index.ts';
import type { Driver, InstanceSpec } from '../drivers/index.ts';
import type { Credentials, Engine, SqlTarget } from '../engines/index.ts';
import { DozeError } from '../errors/index.ts';
import type { Logger } from '../logger.ts';
import type { Secrets, Store } from '../store/index.ts';
import type { Cells } from './cells.ts';
import type { Journal } from './journal.ts';
import type { HostMemory } from './plan-pressure.ts';
import type { PoolState } from './pool/pool-state.ts';
import type { Quotas } from './quotas/quotas.ts';
import type { SessionGate, StorageTier } from './ports.ts';
import type { Room } from './room.ts';
import type { SegmentClock } from './segment-clock.ts';
import type { StorageMeter } from './storage-meter.ts';
import type { SessionSeats } from './session-seats.ts';
import type { ControlSettings, DriverRegistry } from './settings.ts';

/** What the control plane is given. */
export interface ControlDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly engines: Readonly<Record<EngineName, Engine>>;
  readonly drivers: DriverRegistry;
  readonly gate: SessionGate;
  readonly storageTier: StorageTier;
  readonly logger: Logger;
  readonly settings: ControlSettings;
  /** Of this machine; null where it does not say. */
  readonly hostMemory: () => HostMemory | null;
  /** Identity of the machine's boot; see `Heartbeat`. */
  readonly bootId: string;
}

/** What its parts share. */
export interface Core extends ControlDeps {
  readonly cells: Cells;
  readonly journal: Journal;
  readonly segments: SegmentClock;
  readonly storage: StorageMeter;
  readonly room: Room;
  readonly pool: PoolState;
  readonly seats: SessionSeats;
  readonly quotas: Quotas;
  /** See `settle.ts`; here for what a settling itself leads to. */
  readonly settle: (computeId: string, onProgress?: (message: string) => void) => Promise<Compute>;
}

export function driverOf(core: Core, compute: Compute): Driver {
  return core.drivers.get(compute.driver);
}

/** Everything the driver needs to make the instance anew. @throws INTERNAL when its secrets are gone. */
export function instanceSpec(core: Core, compute: Compute): InstanceSpec {
  const engine = core.engines[compute.engine];
  const { min, max, now } = compute.size;
  return {
    computeId: compute.id,
    name: compute.name,
    project: compute.project,
    image: compute.image,
    version: compute.engineVersion,
    cu: now,
    // A range begins at its lower end: these may outlive many sizes, and what is too small is made larger while it runs.
    serverArguments: engine.serverArguments(min < max ? min : now),
    initSql: initSql(engine, compute, credentialsOf(core, compute)),
    stateless: statelessSpec(core, compute),
  };
}

/** The accounts of a clone come with its data, once: what its people change afterwards is theirs. */
function initSql(engine: Engine, { clonedFrom, serverVersion }: Compute, credentials: Credentials): string {
  const isNewCopy = clonedFrom !== undefined && serverVersion === null;
  return isNewCopy ? engine.initSqlOfCopy(credentials) : engine.initSql(credentials);
}

/** The generation is the number of the event that asked for the start: each start on record has a higher one. */
function statelessSpec(core: Core, compute: Compute): InstanceSpec['stateless'] {
  const { storage, seq } = compute;
  if (storage === undefined) return null;
  const { pageServer, safekeeper } = core.storageTier.urlsOf(storage);
  return {
    generation: seq,
    environment: {
      PAGE_SERVER_URL: pageServer,
      SAFEKEEPER_URL: safekeeper,
      PROJECT_ID: compute.project,
      COMPUTE_ID: compute.id,
      MYSQL_ROOT_PASSWORD: requireSecrets(core, compute).rootPassword,
      MYSQL_DATABASE: compute.database,
    },
  };
}

export function credentialsOf(core: Core, compute: Compute): Credentials {
  const secrets = requireSecrets(core, compute);
  return { ...secrets, database: compute.database, user: compute.user };
}

/** Where and as whom the control plane itself asks the server. */
export function agentTarget(core: Core, compute: Compute, address: { host: string; port: number }): SqlTarget {
  const { agentPassword } = requireSecrets(core, compute);
  return { host: address.host, port: address.port, user: AGENT_USER, password: agentPassword };
}

/** As whom a server that its image has set up is met for the first time. */
export function rootTarget(core: Core, compute: Compute, address: { host: string; port: number }): SqlTarget {
  const { rootPassword } = requireSecrets(core, compute);
  return { host: address.host, port: address.port, user: 'root', password: rootPassword };
}

function requireSecrets(core: Core, compute: Compute): Secrets {
  const secrets = core.store.getSecrets(compute.id);
  if (secrets !== null) return secrets;
  throw new DozeError('INTERNAL', `the passwords of compute "${compute.name}" are not in the store`);
}
