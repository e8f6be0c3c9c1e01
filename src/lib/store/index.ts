export { createStore, type StoreOptions } from './create-store.ts';
export { takeExclusiveLock, type ExclusiveLock } from './exclusive-lock.ts';
export type {
  AuditFilter,
  AuditRecords,
  ComputeFilter,
  EventFilter,
  Heartbeat,
  PoolRecords,
  RegisteredStorage,
  Secrets,
  SegmentFilter,
  SegmentSum,
  SnapshotRecords,
  StorageRecords,
  Store,
  StoredToken,
  TokenRecords,
} from './store.ts';
