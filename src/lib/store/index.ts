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
export type { OutboxBatch, PushedTotal, PushRecords, PushState } from './push-records.ts';
export type { NewRateCard, RateRecords } from './rate-records.ts';
