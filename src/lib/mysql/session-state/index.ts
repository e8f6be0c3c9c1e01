export { asksDiagnostics, replayDiagnostics } from './diagnostics.ts';
export { describePin, type PinCode, type PinReason } from './pin-reason.ts';
export { restoreStatements } from './restore-statements.ts';
export type {
  Diagnostics,
  SessionQuery,
  SessionSnapshot,
  SessionVariable,
  SnapshotOutcome,
  UserVariable,
  Warning,
} from './snapshot.ts';
export { Mark, StreamMarks } from './stream-marks.ts';
export { takeSnapshot } from './take-snapshot.ts';
