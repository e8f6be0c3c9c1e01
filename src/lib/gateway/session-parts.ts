import type { Clock } from '../clock.ts';
import type { Capabilities } from '../mysql/index.ts';
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
  /** Asks for a wake of the gate's compute. */
  readonly requestWake: () => void;
  readonly connection: ClientConnection;
  readonly who: Who;
  readonly link: BackendLink;
  /** As negotiated with the client and the server alike. */
  readonly capabilities: Capabilities;
  /** Status flags of the login's OK. */
  readonly status: number;
  readonly inspection: InspectionContext;
  readonly carry: Carry;
  /** Another connection to the server with the session's state on it, waking the compute if need be. */
  readonly reconnect: (signal: AbortSignal) => Promise<BackendLink>;
  /** Where sessions share connections to the server; null where each has its own. */
  readonly tenancy: Tenancy | null;
  /** The session gave its connection to the server back. */
  readonly onParked: () => void;
  readonly onEnd: () => void;
}
