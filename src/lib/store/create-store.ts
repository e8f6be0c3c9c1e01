import type { DatabaseSync } from 'node:sqlite';

import { DozeError } from '../errors/index.ts';
import { appendEvent, appendProjectEvent } from './append-event.ts';
import { createComputeProjection } from './compute-projection.ts';
import { createEventLog } from './event-log.ts';
import { createKeyRecords } from './key-records.ts';
import { createObservations } from './observations.ts';
import { openDatabase } from './open-database.ts';
import { createAuditRecords } from './audit-records.ts';
import { createPoolRecords } from './pool-records.ts';
import { createPushRecords, type PushRecords } from './push-records.ts';
import { createRateRecords, type RateRecords } from './rate-records.ts';
import { createProjectProjection } from './project-projection.ts';
import { verifyProjections } from './replay.ts';
import { createSegmentProjection } from './segment-projection.ts';
import { createSegmentReader } from './segment-reader.ts';
import { createSnapshotRecords } from './snapshot-records.ts';
import { createStorageRecords } from './storage-records.ts';
import { asStoreErrors } from './store-error.ts';
import { createTokenRecords } from './token-records.ts';
import type { Store } from './store.ts';
import { createUsageReader } from './usage-reader.ts';
import { createUsageWriter } from './usage-writer.ts';

export interface StoreOptions {
  /** The database file, made with its directory if missing; `:memory:` keeps nothing. */
  readonly path: string;
  /** How long a call waits for another process's lock, blocking this one. Default 2000. */
  readonly busyTimeoutMs?: number;
}

/** @throws STORE_NEWER, STORE_DAMAGED, STORE_BUSY, STORE_UNUSABLE, DISK_FULL; every call may throw the last four. */
export function createStore({ path, busyTimeoutMs = 2000 }: StoreOptions): Store {
  const db = asStoreErrors(path, () => openDatabase(path, busyTimeoutMs));
  return asStoreErrors(path, () => buildStore(db, path));
}

function buildStore(db: DatabaseSync, path: string): Store {
  const log = createEventLog(db);
  const computes = createComputeProjection(db);
  const segments = createSegmentProjection(db);
  const projects = createProjectProjection(db);
  const reader = createSegmentReader(db);
  const usage = createUsageWriter(db);
  const usageReader = createUsageReader(db);
  const seen = createObservations(db, usage);
  const storage = createStorageRecords(db);
  const snapshots = createSnapshotRecords(db);
  const pool = createPoolRecords(db);
  const keys = createKeyRecords(db);
  const tokens = createTokenRecords(db);
  const audit = createAuditRecords(db);
  const guard = <Result>(run: () => Result): Result => asStoreErrors(path, run);

  return {
    homeId: requireHomeId(seen.getMeta('homeId')),
    append: (computeId, event, atMs) =>
      guard(() => appendEvent({ db, log, computes, segments, projects }, computeId, event, atMs)),
    appendToProject: (name, event, atMs) => guard(() => appendProjectEvent({ db, log, projects }, name, event, atMs)),
    getProject: (name) => guard(() => projects.get(name)),
    listProjects: () => guard(() => projects.list()),
    getCompute: (id) => guard(() => computes.get(id)),
    findCompute: (project, name) => guard(() => computes.findLive(project, name)),
    findRestorable: (project, name) => guard(() => computes.findRestorable(project, name)),
    findDestroyed: (project, name) => guard(() => computes.findDestroyed(project, name)),
    listComputes: (filter = {}) => guard(() => computes.list(filter)),
    computesVersion: () => guard(() => computes.version()),
    listEvents: (filter) => guard(() => log.list(filter)),
    segments: (filter) => guardedIterable(path, reader.segments(filter)),
    openSegments: (filter) => guard(() => reader.open(filter)),
    usageHours: (filter) => guardedIterable(path, usageReader.usageHours(filter)),
    usageSums: (filter, grouping) => guard(() => usageReader.usageSums(filter, grouping)),
    activitySpans: (filter) => guard(() => usageReader.activitySpans(filter)),
    storageLevels: () => guard(() => usage.storageLevels()),
    storageBytesOf: (project) => guard(() => usage.storageBytesOf(project)),
    accountStorage: (accounts) => guard(() => usage.accountStorage(accounts)),
    openSegment: (computeId) => guard(() => segments.open(computeId)),
    heartbeat: (beats, traffic) => guard(() => seen.heartbeat(beats, traffic)),
    lastHeartbeat: (segmentId) => guard(() => seen.lastHeartbeat(segmentId)),
    putSecrets: (computeId, secrets) => guard(() => seen.putSecrets(computeId, secrets)),
    getSecrets: (computeId) => guard(() => seen.getSecrets(computeId)),
    deleteSecrets: (computeId) => guard(() => seen.deleteSecrets(computeId)),
    putAccounts: (computeId, snapshot) => guard(() => seen.putAccounts(computeId, snapshot)),
    getAccounts: (computeId) => guard(() => seen.getAccounts(computeId)),
    getMeta: (key) => guard(() => seen.getMeta(key)),
    setMeta: (key, value) => guard(() => seen.setMeta(key, value)),
    putStorageService: (service, credential) => guard(() => storage.putStorageService(service, credential)),
    listStorageServices: () => guard(() => storage.listStorageServices()),
    deleteStorageService: (name) => guard(() => storage.deleteStorageService(name)),
    appendStorageChange: (change, keepSinceMs) => guard(() => storage.appendStorageChange(change, keepSinceMs)),
    listStorageChanges: (filter) => guard(() => storage.listStorageChanges(filter)),
    putSnapshot: (snapshot) => guard(() => snapshots.putSnapshot(snapshot)),
    listSnapshots: (computeId) => guard(() => snapshots.listSnapshots(computeId)),
    deleteSnapshot: (id) => guard(() => snapshots.deleteSnapshot(id)),
    putPool: (wanted) => guard(() => pool.putPool(wanted)),
    listPools: () => guard(() => pool.listPools()),
    putSpare: (spare) => guard(() => pool.putSpare(spare)),
    listSpares: () => guard(() => pool.listSpares()),
    deleteSpare: (id) => guard(() => pool.deleteSpare(id)),
    ...guarded(path, { ...createRateRecords(db), ...createPushRecords(db) }),
    findKey: (scope, sinceMs) => guard(() => keys.findKey(scope, sinceMs)),
    putKey: (kept, sinceMs) => guard(() => keys.putKey(kept, sinceMs)),
    forgetKey: (scope) => guard(() => keys.forgetKey(scope)),
    verify: () => guard(() => verifyProjections({ db, log, computes, segments, projects })),
    putToken: (token, hash) => guard(() => tokens.putToken(token, hash)),
    listTokens: () => guard(() => tokens.listTokens()),
    useToken: (id, atMs, from) => guard(() => tokens.useToken(id, atMs, from)),
    deleteToken: (id) => guard(() => tokens.deleteToken(id)),
    appendAudit: (entries) => guard(() => audit.appendAudit(entries)),
    finishAudit: (seq, outcome) => guard(() => audit.finishAudit(seq, outcome)),
    listAudit: (filter) => guard(() => audit.listAudit(filter)),
    pruneAudit: (keepSinceMs, maxEntries) => guard(() => audit.pruneAudit(keepSinceMs, maxEntries)),
    close: () =>
      guard(() => {
        if (db.isOpen) db.close();
      }),
  };
}

function requireHomeId(homeId: string | null): string {
  if (homeId !== null) return homeId;
  throw new DozeError('STORE_DAMAGED', 'the state has no home id');
}

/** Every call of these, as `guard` has it. */
function guarded<Records extends RateRecords & PushRecords>(path: string, records: Records): Records {
  const calls = Object.entries(records) as [string, (...values: never[]) => unknown][];
  const wrapped = calls.map(([name, call]) => [
    name,
    (...values: never[]) => asStoreErrors(path, () => call(...values)),
  ]);
  return Object.fromEntries(wrapped) as Records;
}

function* guardedIterable<Item>(path: string, items: Iterable<Item>): Generator<Item> {
  const iterator = asStoreErrors(path, () => items[Symbol.iterator]());
  try {
    for (;;) {
      const next = asStoreErrors(path, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    iterator.return?.();
  }
}
