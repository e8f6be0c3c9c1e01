import type { Clock } from '../clock.ts';
import type { Capabilities } from '../mysql/index.ts';
import type { ConnectRecorder } from './asleep/connect-recorder.ts';
import type { EarlyAnswers } from './asleep/early-answers.ts';
import type { BackendLink } from './backend-link.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ComputeGate, Who } from './compute-gate.ts';
import type { InspectionContext } from './inspect-command.ts';
import type { Carry } from './parking/carry.ts';
import type { Tenancy } from './pool/tenancy.ts';

/** What a session is made of. */
export interface SessionParts {
  readonly clock: Clock;
  readonly gate: ComputeGate;
  readonly connection: ClientConnection;
  readonly who: Who;
  /** Of one that came in while the server slept. */
  readonly early: EarlyAnswers | null;
  /** As negotiated with the client and the server alike. */
  readonly capabilities: Capabilities;
  /** Status flags of the login's OK. */
  readonly status: number;
  readonly ties: SessionTies;
  readonly carry: Carry;
  /** Where sessions share connections to the server; null where each has its own. */
  readonly tenancy: Tenancy | null;
}

/** What a session asks of the gateway around it, and tells it. */
export interface SessionTies extends InspectionContext {
  /** Asks for a wake of the gate's compute. */
  requestWake(): void;
  /** Another connection to the server with the session's state on it, waking the compute if need be. */
  reconnect(signal: AbortSignal): Promise<BackendLink>;
  /** The session gave its connection to the server back. */
  noteParked(): void;
  noteEnd(): void;
}

/** What a session begins with, and does not keep: there may be thousands that only wait. */
export interface SessionStart {
  /** Null when the server sleeps. */
  readonly link: BackendLink | null;
  /** Of a session that has a connection to the server from the beginning. */
  readonly recorder: ConnectRecorder | null;
  /** What the client sent before its login was answered. */
  readonly ahead: Buffer;
}
