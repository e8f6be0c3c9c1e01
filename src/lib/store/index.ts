export { createStore, type StoreOptions } from './create-store.ts';
export { takeExclusiveLock, type ExclusiveLock } from './exclusive-lock.ts';
export type {
  ComputeFilter,
  EventFilter,
  Heartbeat,
  KeptKey,
  KeyRecords,
  HourlyTraffic,
  PoolRecords,
  RegisteredStorage,
  Secrets,
  SnapshotRecords,
  StorageRecords,
  Store,
} from './store.ts';
export type { OutboxBatch, PushedTotal, PushRecords, PushState } from './push-records.ts';
export type { NewRateCard, RateRecords } from './rate-records.ts';
export type { SegmentFilter } from './segment-filter.ts';
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
export type { AuditFilter, AuditRecords, StoredToken, TokenRecords } from './access-records.ts';
