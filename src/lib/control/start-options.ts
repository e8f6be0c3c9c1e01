import type { Depth, DriverName, Ladder, PageServerStorage, SizeRange } from '../domain/index.ts';
import type { LeaseOptions } from './lease.ts';
import type { SessionPolicies } from './session-policies.ts';

/** What a person may say about a compute; what is left out comes from the settings. */
export interface StartOptions extends SessionPolicies, LeaseOptions {
  readonly engine?: string;
  readonly version?: string;
  readonly image?: string;
  readonly driver?: DriverName | 'auto';
  readonly size?: SizeRange;
  /** All of its ladder, or else another first rung for the one that it would have. */
  readonly ladder?: Ladder;
  readonly suspendAfterMs?: number | null;
  readonly suspendDepth?: Depth;
  readonly port?: number;
  readonly user?: string;
  readonly database?: string;
  readonly restore?: boolean;
  /** Whether its sessions share connections to its server, and how many. */
  readonly pool?: 'off' | 'transaction';
  readonly poolSize?: number;
  /** Left out for a volume of its own. */
  readonly storage?: PageServerStorage;
}
