export { parseBytes } from './bytes.ts';
export {
  AGENT_USER,
  exceededLimit,
  needsServerTls,
  type Account,
  type AccountName,
  type AccountSnapshot,
  type AuthMethod,
  type ExceededLimit,
} from './accounts.ts';
export { applyEvent, type Applied, type EventStamp, type SegmentChange } from './apply.ts';
export { blockersAt, type Blocker } from './blocker.ts';
export {
  ladderOf,
  rungsOf,
  STATES,
  type CloneSource,
  type ConnectionPool,
  type Compute,
  type ComputeSpec,
  type CopyFacts,
  type DriverName,
  type EngineName,
  type Failure,
  type PageServerStorage,
  type PendingRestore,
  type Segment,
  type SleepDepth,
  type StartCause,
  type State,
  type SuspendReason,
  type WakeRecord,
} from './compute.ts';
export { csvLine } from './csv.ts';
export { currencyExponent, parseCurrency } from './currency.ts';
export { DEPTHS, isDeeper, keepsProcess, parseDepth, type Depth } from './depth.ts';
export { formatDuration, parseDuration } from './duration.ts';
export type { ComputeEvent, ComputeEventType, ResizeReason, StoredEvent } from './events.ts';
export { EXPORT_FORMATS, type ExportFormat } from './export-format.ts';
export { parseInstant, parseWindow, type TimeWindow } from './instant.ts';
export { HOST_KINDS, HOST_LADDERS, hostKindOf, type HostKind, type HostSigns } from './host-kind.ts';
export {
  checkLadder,
  describeLadder,
  dueRung,
  fitDepth,
  fitLadder,
  formatLadder,
  nextRung,
  nextStep,
  parseLadder,
  withFirstRung,
  type Ladder,
  type Rung,
} from './ladder.ts';
export { checkLease, DEFAULT_LEASE_MS, leaseFrom, leaseWarningMs, type Lease } from './lease.ts';
export { LIFECYCLE, lifecycleDiagram, requireStep, step, type Effect, type Transition } from './lifecycle.ts';
export { METERS, METER_UNITS, type Meter } from './meter.ts';
export { meminfoBytes } from './meminfo.ts';
export {
  amountOf,
  divideRounded,
  formatMicros,
  formatRatio,
  formatScaled,
  parseMicros,
  ROUNDINGS,
  type Micros,
  type Rounding,
  type RoundingRule,
} from './money.ts';
export { formatMonth, monthOf, parseMonth, type Month } from './month.ts';
export { databaseName, MAX_NAME_LENGTH, NAME_PATTERN, parseName } from './name.ts';
export { withChanges, type Project, type ProjectChanges, type ProjectSettings, type Tags } from './project.ts';
export {
  applyProjectEvent,
  isProjectEvent,
  projectOfCompute,
  type ProjectEvent,
  type ProjectEventType,
} from './project-events.ts';
export {
  levelOf,
  planQuotaRemark,
  QUOTA_WORDS,
  quotaExceeded,
  quotaKind,
  quotaResetsAtMs,
  QUOTAS,
  stopsAll,
  type ProjectLimits,
  type QuotaName,
  type QuotaNote,
  type QuotaUse,
} from './quota.ts';
export {
  checkSizeRange,
  clampSize,
  formatSizeRange,
  isSameRange,
  memoryBytes,
  parseSize,
  parseSizeRange,
  roundDownSize,
  roundUpSize,
  type Size,
  type SizeRange,
} from './size.ts';
export { cardAt, checkRateCard, forEachMeter, freeOfCharge, freeQuantity, type RateCard } from './rate-card.ts';
export { checkPoolSize, type Pool, type Spare } from './pool.ts';
export { keepsCompute, SESSION_STATES, type SessionState } from './session.ts';
export type { Snapshot } from './snapshot.ts';
export { periodsCsv, usageCsv, type UsageValues, type UsageRow } from './usage-csv.ts';
export {
  canServe,
  isWorse,
  VERDICTS,
  worstOf,
  type EndpointFacts,
  type EndpointHealth,
  type EndpointObservation,
  type GroupHealth,
  type PageServerFacts,
  type SafekeeperFacts,
  type StorageChange,
  type StorageFault,
  type StorageFinding,
  type StorageHealth,
  type Verdict,
} from './storage-health.ts';
export {
  quorumOf,
  STORAGE_DEFAULTS,
  STORAGE_FLAVOURS,
  STORAGE_KINDS,
  type StorageCredential,
  type StorageFlavour,
  type StorageKind,
  type StorageService,
  type StorageSnapshot,
} from './storage-service.ts';
export { suggest } from './suggest.ts';
export type { AuditEntry, StoredAuditEntry } from './audit.ts';
export { parseFingerprint, writeFingerprint } from './fingerprint.ts';
export {
  coversRole,
  coversToken,
  isTokenSecret,
  ROLES,
  tokenStateOf,
  writeTokenSecret,
  type Role,
  type Token,
  type TokenState,
} from './token.ts';
export { WAKE_BOUNDS_MS, wakeBucket, wakeQuantileMs } from './wake-latency.ts';
