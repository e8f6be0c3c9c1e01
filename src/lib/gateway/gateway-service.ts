import type { SessionGate } from '../control/index.ts';
import type { Drained } from './drain.ts';
import type { GatewayHost } from './ports.ts';

/** The gateway as the rest of the agent has it. */
export interface GatewayService extends SessionGate {
  /** Opens the shared port. @throws PORTS_TAKEN */
  start(host: GatewayHost): Promise<void>;
  /** The port really bound. */
  readonly sharedPort: number;
  /** Of every compute that has any, by its id. */
  sessionCounts(): Promise<ReadonlyMap<string, number>>;
  /**
   * Closes every port, then every session at a safe point; when its time is over, or `hurry` aborts, wherever it is.
   */
  shutDown(hurry?: AbortSignal): Promise<Drained>;
}
