export { asksDiagnostics, replayDiagnostics } from './diagnostics.ts';
export { GLANCE_QUERY, readGlance, updateSnapshot, type Glance } from './glance.ts';
export { describePin, type PinCode, type PinReason } from './pin-reason.ts';
export { isPlainStatement, mayChangeGlobals, mayChangeRoutines } from './plain-statement.ts';
export { restoreStatements } from './restore-statements.ts';
export type {
  Diagnostics,
  Left,
  SessionQuery,
  SessionSnapshot,
  SessionVariable,
  SnapshotOutcome,
  UserVariable,
  Warning,
} from './snapshot.ts';
export { Mark, StreamMarks } from './stream-marks.ts';
export { takeSnapshot } from './take-snapshot.ts';
