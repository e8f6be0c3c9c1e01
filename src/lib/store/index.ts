export { createStore, type StoreOptions } from './create-store.ts';
export { takeExclusiveLock, type ExclusiveLock } from './exclusive-lock.ts';
export type {
  ComputeFilter,
  EventFilter,
  Heartbeat,
  HourlyTraffic,
  PoolRecords,
  RegisteredStorage,
  Secrets,
  SegmentFilter,
  SnapshotRecords,
  StorageRecords,
  Store,
} from './store.ts';
export type {
  ActivitySpan,
  StorageAccount,
  StorageLevel,
  TrafficDelta,
  UsageAmounts,
  UsageGrouping,
  UsageHour,
  UsagePeriod,
  UsageSum,
} from './usage-records.ts';
