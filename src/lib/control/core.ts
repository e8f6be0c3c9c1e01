import type { Clock } from '../clock.ts';
import { AGENT_USER, type Compute, type EngineName } from '../domain/index.ts';
import type { Driver } from '../drivers/index.ts';
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
import type { LedgerHealth } from './ledger-health.ts';
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
  readonly ledger: LedgerHealth;
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

export function requireSecrets(core: Core, compute: Compute): Secrets {
  const secrets = core.store.getSecrets(compute.id);
  if (secrets !== null) return secrets;
  throw new DozeError('INTERNAL', `the passwords of compute "${compute.name}" are not in the store`);
}
