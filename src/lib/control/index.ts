export { createControlPlane, type ControlPlane } from './control-plane.ts';
export type { ControlDeps } from './core.ts';
export type { StartOptions } from './start-options.ts';
export type { ConnectionPoolSettings, ConnectionPoolState, TimesSummary } from './connection-pool.ts';
export type { LiveFacts, Reasons } from './live.ts';
export type { SnapshotOutcome } from './snapshot-operations.ts';
export type { PoolOperations, PoolStatus } from './pool/pool-operations.ts';
export type { Operations } from './operations.ts';
export type { DeleteProjectOptions, ProjectOperations, ProjectOutcome, ProjectStatus } from './project-operations.ts';
export type { OperationAction, OperationOutcome } from './outcome.ts';
export type { SuspendOptions } from './suspend-by-request.ts';
export type {
  ComputeHost,
  EndRequest,
  GateFacts,
  LookRequest,
  PortRequest,
  Route,
  SessionFacts,
  SessionGate,
  StorageTier,
} from './ports.ts';
export type { SessionOperations, SessionStatus } from './session-operations.ts';
export type { HostMemory } from './plan-pressure.ts';
export type { HostRoom } from './room.ts';
export { DEFAULT_TIMEOUTS, type ControlSettings, type DriverRegistry, type HostLimits } from './settings.ts';
export type { LedgerProblem } from './ledger-health.ts';
