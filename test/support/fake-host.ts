import type { ConnectionPoolSettings, Route } from '../../src/lib/control/index.ts';
import type { Account, AccountSnapshot } from '../../src/lib/domain/index.ts';
import type { Endpoint } from '../../src/lib/drivers/index.ts';
import type { RoutineEffects } from '../../src/lib/engines/index.ts';
import { DozeError } from '../../src/lib/errors/index.ts';
import type { GatewayHost } from '../../src/lib/gateway/ports.ts';
import { NATIVE_PASSWORD, stage1Of, stage2Of } from '../../src/lib/mysql/index.ts';

/** A control plane with one compute that wakes when it is told. */
export interface FakeHost extends GatewayHost {
  isActive: boolean;
  /** Why it waits for its turn. */
  waits: string | null;
  /** How often a sleeping compute was asked to wake. */
  wakes: number;
  refreshes: number;
  snapshot: AccountSnapshot | null;
  /** What a refresh finds; null is no change. */
  freshAccounts: readonly Account[] | null;
  /** Runs in each wake before it is done. */
  onWake: () => Promise<void>;
  endpoint: Endpoint;
  /** Sessions that were admitted and have not left. */
  readonly admitted: Set<number>;
  maxSessions: number;
  connectionPool: ConnectionPoolSettings | null;
  routineEffects: RoutineEffects;
  /** Of its server, in PEM. */
  certificate: string | null;
}

export const ROUTE: Route = {
  computeId: 'c1',
  name: 'shop',
  project: 'default',
  serverVersion: '10.11.19-MariaDB',
  connectionPool: null,
  certificate: null,
};

export function nativeAccount(user: string, password: string, changes: Partial<Account> = {}): Account {
  const authString = password === '' ? '' : `*${stage2Of(stage1Of(password)).toString('hex').toUpperCase()}`;
  return {
    user,
    host: '%',
    methods: [{ plugin: NATIVE_PASSWORD, authString }],
    isLocked: false,
    isPasswordExpired: false,
    requiresTls: false,
    requiresCertificate: false,
    maxConnections: 0,
    passesLimits: false,
    ...changes,
  };
}

export function createFakeHost(port: number, accounts: readonly Account[]): FakeHost {
  let waking: Promise<void> | null = null;
  const host: FakeHost = {
    isActive: false,
    waits: null,
    wakes: 0,
    refreshes: 0,
    snapshot: { takenAtMs: 0, accounts },
    freshAccounts: null,
    connectionPool: null,
    routineEffects: 'none',
    certificate: null,
    onWake: () => Promise.resolve(),
    endpoint: { host: '127.0.0.1', port, seenAs: '127.0.0.1', takesClientAddress: false },
    findRoute: (computeId) =>
      computeId === ROUTE.computeId
        ? { ...ROUTE, connectionPool: host.connectionPool, certificate: host.certificate }
        : null,
    findRouteByName: (name, project) => (name === ROUTE.name && (project ?? 'default') === 'default' ? ROUTE : null),
    activeEndpoint: () => (host.isActive ? host.endpoint : null),
    wake: async () => {
      if (host.isActive) return host.endpoint;
      waking ??= wakeOnce();
      await waking;
      return host.endpoint;
    },
    whyWaiting: () => host.waits,
    admitted: new Set(),
    maxSessions: Infinity,
    admit: (_computeId, id) => {
      if (host.admitted.size >= host.maxSessions) throw new DozeError('TOO_MANY_SESSIONS', 'Too many connections');
      host.admitted.add(id);
    },
    leave: (id) => void host.admitted.delete(id),
    accounts: () => host.snapshot,
    readRoutineEffects: () => Promise.resolve(host.routineEffects),
    refreshAccounts: () => {
      host.refreshes += 1;
      if (host.freshAccounts !== null) host.snapshot = { takenAtMs: 1, accounts: host.freshAccounts };
      return Promise.resolve(host.snapshot);
    },
  };
  const wakeOnce = async (): Promise<void> => {
    host.wakes += 1;
    try {
      await host.onWake();
      host.isActive = true;
    } finally {
      waking = null;
    }
  };
  return host;
}
