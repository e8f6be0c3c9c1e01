import type {
  AgentServices,
  ComputeDetail,
  ComputeView,
  KeptKey,
  OperationResult,
  SessionView,
} from '../../../src/lib/api/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

export const VIEW: ComputeView = {
  id: 'c1',
  name: 'shop',
  project: 'default',
  engine: 'mariadb',
  version: '10.11',
  driver: 'fake',
  image: null,
  state: 'active',
  depth: null,
  stateSince: '2026-01-01T00:00:00.000Z',
  size: { min: 0.5, max: 0.5, now: 0.5 },
  suspendAfterSeconds: 300,
  suspendDepth: 'parked',
  ladder: [{ depth: 'parked', afterSeconds: 300 }],
  endPinnedAfterSeconds: null,
  maxSessions: null,
  sessionIdleTimeoutSeconds: null,
  storage: null,
  connectionPool: null,
  url: 'mysql://app@127.0.0.1:23306/shop',
  host: '127.0.0.1',
  port: 23_306,
  user: 'app',
  database: 'shop',
  createdAt: '2026-01-01T00:00:00.000Z',
  wakeMs: 164,
  wakes: 1,
  sessions: 0,
  ephemeral: false,
  leaseSeconds: null,
  leaseExpiresAt: null,
  destroyedAt: null,
  keptUntil: null,
  failure: null,
};

export const DETAIL: ComputeDetail = {
  ...VIEW,
  lastWake: null,
  awakeBecause: [],
  waitingBecause: null,
  boundBecause: null,
  cache: null,
  suspendsAt: null,
  nextStep: null,
  heldBecause: [],
  storageBytes: null,
  connections: null,
};

export const RESULT: OperationResult = { compute: VIEW, changed: true, action: 'resumed', tookMs: 12, notes: [] };

export const SESSION: SessionView = {
  id: 2 ** 30,
  compute: 'shop',
  project: 'default',
  client: '10.0.0.7:4711',
  user: 'app',
  state: 'transaction',
  stateSince: '2026-01-01T00:00:00.000Z',
  keepsCompute: true,
  why: 'has an open transaction',
  lastCommandAt: '2026-01-01T00:00:30.000Z',
  connectedAt: '2026-01-01T00:00:00.000Z',
  serverConnectionId: 12,
};

type Changes = { [Part in keyof AgentServices]?: Partial<AgentServices[Part]> };

/** Services that refuse everything but what a test gives. */
export function fakeServices(changes: Changes = {}): AgentServices {
  const refuse = (): never => {
    throw new DozeError('INTERNAL', 'this test did not expect the call');
  };
  return {
    agent: { status: refuse, logs: refuse, stop: refuse, ...changes.agent },
    storage: {
      list: refuse,
      show: refuse,
      check: refuse,
      add: refuse,
      remove: refuse,
      snapshots: { list: refuse, show: refuse, create: refuse },
      ...changes.storage,
    },
    computes: {
      list: refuse,
      listWritten: async (query) => Buffer.from(JSON.stringify(await (changes.computes?.list ?? refuse)(query))),
      show: refuse,
      connection: refuse,
      start: refuse,
      suspend: refuse,
      resume: refuse,
      resize: refuse,
      set: refuse,
      restart: refuse,
      destroy: refuse,
      clone: refuse,
      snapshots: { list: refuse, create: refuse, restore: refuse, delete: refuse },
      wait: refuse,
      logs: refuse,
      ...changes.computes,
    },
    events: { list: refuse, follow: refuse, ...changes.events },
    usage: { report: refuse, bill: refuse, export: refuse, push: refuse, ...changes.usage },
    rates: { list: refuse, add: refuse, ...changes.rates },
    top: () => Promise.resolve({ at: '2026-01-01T00:00:00.000Z', hosts: [], computes: [] }),
    images: { list: refuse, build: refuse, ...changes.images },
    sessions: { list: refuse, kill: refuse, ...changes.sessions },
    projects: { list: refuse, show: refuse, create: refuse, set: refuse, delete: refuse, ...changes.projects },
    pools: { list: refuse, set: refuse, ...changes.pools },
    keys: { ...keysInMemory(), ...changes.keys },
    tags: { recordOf: () => null, untilQuiet: () => Promise.resolve(), ...changes.tags },
    setup: { find: refuse, install: refuse, ...changes.setup },
    ready: (changes.ready as AgentServices['ready'] | undefined) ?? refuse,
    tokens: { self: refuse, list: refuse, show: refuse, create: refuse, revoke: refuse, ...changes.tokens },
    audit: { list: refuse, ...changes.audit },
    metrics: (changes.metrics as AgentServices['metrics'] | undefined) ?? refuse,
    doctor: (changes.doctor as AgentServices['doctor'] | undefined) ?? refuse,
  };
}

function keysInMemory(): AgentServices['keys'] {
  const kept = new Map<string, KeptKey>();
  return {
    find: (scope) => kept.get(scope) ?? null,
    put: (key) => void kept.set(key.scope, key),
    forget: (scope) => void kept.delete(scope),
  };
}
