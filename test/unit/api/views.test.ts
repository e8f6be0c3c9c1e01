import { describe, expect, it } from 'vitest';

import {
  computeDetail,
  computeView,
  connectionView,
  eventView,
  reachableHost,
  usageView,
} from '../../../src/lib/api/index.ts';
import { computeDetailSchema, eventViewSchema, usageReportSchema } from '../../../src/lib/api/contract.ts';
import type { Compute, StoredEvent } from '../../../src/lib/domain/index.ts';

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const AT = '2026-01-02T03:04:05.006Z';

const COMPUTE: Compute = {
  id: 'c1',
  name: 'shop',
  project: 'default',
  engine: 'mariadb',
  engineVersion: '10.11',
  driver: 'docker',
  image: 'doze/mariadb:10.11',
  size: { min: 0.5, max: 0.5, now: 0.5 },
  suspendAfterMs: 300_000,
  suspendDepth: 'parked',
  port: 23_306,
  database: 'shop',
  user: 'app',
  state: 'suspended',
  depth: 'parked',
  stateSinceMs: AT_MS,
  createdAtMs: AT_MS,
  serverVersion: null,
  failure: null,
  lastWake: { atMs: AT_MS, cause: 'wake', fromDepth: 'parked', totalMs: 163.6, phasesMs: { server: 150 } },
  wakes: 3,
  destroyedAtMs: null,
  keptUntilMs: null,
  seq: 9,
};

describe('a compute', () => {
  it('is shown as the contract has it, in seconds and ISO times, without a password', () => {
    const facts = {
      sessions: 2,
      host: '127.0.0.1',
      firstIn: { handshakeMs: 1.04, loginMs: 2.96 },
      awakeBecause: [],
      waitingBecause: null,
      boundBecause: null,
      cache: null,
      suspendsAtMs: AT_MS,
      nextStep: null,
      heldBecause: [],
      connections: null,
      storageBytes: 7,
    };
    const detail = computeDetail(COMPUTE, facts);
    expect(computeDetailSchema.strict().parse(detail)).toEqual(detail);
    expect(detail).toMatchObject({
      version: '10.11',
      url: 'mysql://app@127.0.0.1:23306/shop',
      suspendAfterSeconds: 300,
      createdAt: AT,
      suspendsAt: AT,
      nextStep: null,
      heldBecause: [],
      wakeMs: 164,
      sessions: 2,
      lastWake: { at: AT, fromDepth: 'parked', phasesMs: { server: 150 }, clientMs: { handshake: 1, login: 3 } },
    });
  });

  it('says the own version of the server once it is known, and never for no suspend', () => {
    const view = computeView(
      { ...COMPUTE, serverVersion: '10.11.6-MariaDB', suspendAfterMs: null },
      { sessions: 0, host: 'h' },
    );
    expect(view).toMatchObject({ version: '10.11.6-MariaDB', suspendAfterSeconds: null });
  });

  it('that failed has the way out beside the reason', () => {
    const failure = { code: 'SERVER_CRASHED', message: 'it died', logTail: ['x'], atMs: AT_MS, count: 2 };
    expect(computeView({ ...COMPUTE, failure }, { sessions: 0, host: 'h' }).failure).toEqual({
      code: 'SERVER_CRASHED',
      message: 'it died',
      hint: 'doze compute resume shop',
      logTail: ['x'],
      at: AT,
      count: 2,
    });
  });
});

describe('a connection', () => {
  it('has the password, escaped in the URL and as it is beside it', () => {
    expect(connectionView(COMPUTE, { user: 'a@b', password: 'p/w:1' }, '::1')).toEqual({
      url: 'mysql://a%40b:p%2Fw%3A1@[::1]:23306/shop',
      host: '::1',
      port: 23_306,
      user: 'a@b',
      password: 'p/w:1',
      database: 'shop',
    });
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['10.0.0.7', '10.0.0.7'],
  ])('to what listens on %s goes to %s', (listening, reachable) => {
    expect(reachableHost(listening)).toBe(reachable);
  });
});

describe('an event', () => {
  it('has its own facts, with instants as text and spans as they are', () => {
    const stored: StoredEvent = {
      seq: 4,
      atMs: AT_MS,
      computeId: 'c1',
      computeName: 'shop',
      project: 'default',
      event: {
        type: 'started',
        cause: 'wake',
        serverVersion: '10.11.6',
        segmentStartedAtMs: AT_MS,
        totalMs: 12,
        phasesMs: { server: 10 },
      },
    };
    const view = eventView(stored);
    expect(eventViewSchema.strict().parse(view)).toEqual(view);
    expect(view).toEqual({
      seq: 4,
      at: AT,
      compute: 'shop',
      computeId: 'c1',
      project: 'default',
      type: 'started',
      data: { cause: 'wake', serverVersion: '10.11.6', segmentStartedAt: AT, totalMs: 12, phasesMs: { server: 10 } },
    });
  });

  it('leaves what is unset unset', () => {
    const event = { type: 'destroyed', keptUntilMs: null } as const;
    const stored = { seq: 1, atMs: AT_MS, computeId: 'c1', computeName: 'shop', project: 'default', event };
    expect(eventView(stored).data).toEqual({ keptUntil: null });
  });
});

describe('usage', () => {
  it('is shown as the contract has it', () => {
    const totals = {
      activeSeconds: 1.5,
      frozenSeconds: 0,
      hibernatedSeconds: 0,
      cuSeconds: 0.75,
      wakes: 1,
      storageByteHours: 4096,
      bytesIn: 100,
      bytesOut: 2000,
      queries: 7,
      wakeLatency: [{ upToMs: 200, wakes: 1 }],
    };
    const line = { project: 'default', compute: 'shop', computeId: 'c1', firstMs: AT_MS, lastMs: null, ...totals };
    const project = { ...line, compute: null, computeId: null };
    const view = usageView({ sinceMs: AT_MS, untilMs: AT_MS, computes: [line], projects: [project], total: totals });
    expect(usageReportSchema.strict().parse(view)).toEqual(view);
    expect(view.computes[0]).toEqual({
      project: 'default',
      compute: 'shop',
      computeId: 'c1',
      first: AT,
      last: null,
      ...totals,
    });
  });

  it('by time is shown as the contract has it, with when computes were awake', () => {
    const totals = {
      activeSeconds: 1.5,
      frozenSeconds: 0,
      hibernatedSeconds: 0,
      cuSeconds: 0.75,
      wakes: 1,
      storageByteHours: 4096,
      bytesIn: 100,
      bytesOut: 2000,
      queries: 7,
      wakeLatency: [],
    };
    const view = usageView(
      { sinceMs: AT_MS, untilMs: AT_MS, periods: [{ startMs: AT_MS, ...totals }], total: totals },
      {
        per: 'day',
        startsMs: [AT_MS],
        computes: [{ project: 'default', compute: 'shop', computeId: 'c1', activeSeconds: [1.5] }],
      },
    );
    expect(usageReportSchema.strict().parse(view)).toEqual(view);
    expect(view).toMatchObject({
      computes: [],
      projects: [],
      periods: [{ start: AT, ...totals }],
      activity: { per: 'day', starts: [AT] },
    });
  });
});
