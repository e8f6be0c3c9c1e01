import type { Depth, DriverName, Ladder, PageServerStorage, SizeRange } from '../domain/index.ts';

/** What a person may say about a compute; what is left out comes from the settings. */
export interface StartOptions {
  readonly engine?: string;
  readonly version?: string;
  readonly image?: string;
  readonly driver?: DriverName | 'auto';
  readonly size?: SizeRange;
  /** All of its ladder, or else another first rung for the one that it would have. */
  readonly ladder?: Ladder;
  readonly suspendAfterMs?: number | null;
  readonly suspendDepth?: Depth;
  /** As a compute keeps it; null is never. */
  readonly endPinnedAfterMs?: number | null;
  readonly port?: number;
  readonly user?: string;
  readonly database?: string;
  readonly restore?: boolean;
  /** Left out for a volume of its own. */
  readonly storage?: PageServerStorage;
}
