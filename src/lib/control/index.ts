export { createControlPlane, type ControlPlane } from './control-plane.ts';
export type { ControlDeps } from './core.ts';
export type { StartOptions } from './create.ts';
export type { LiveFacts } from './live.ts';
export type { Operations } from './operations.ts';
export type { OperationAction, OperationOutcome } from './outcome.ts';
export type { SuspendOptions } from './suspend-by-request.ts';
export type { Blocker, ComputeHost, PortRequest, Route, SessionGate, StorageTier } from './ports.ts';
export { DEFAULT_TIMEOUTS, type ControlSettings, type DriverRegistry } from './settings.ts';
