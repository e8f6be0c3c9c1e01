export { createStore, type StoreOptions } from './create-store.ts';
export { takeExclusiveLock, type ExclusiveLock } from './exclusive-lock.ts';
export type {
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
} from './store.ts';
