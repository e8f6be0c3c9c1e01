import type { CopyFacts } from './compute.ts';

/** What a compute's data was at one moment, kept apart from it. */
export interface Snapshot {
  readonly id: string;
  readonly computeId: string;
  /** Its own within the compute. */
  readonly name: string;
  readonly createdAtMs: number;
  /** `making` and `deleting` are intents: an agent that finds one in the compute's queue undoes or finishes it. */
  readonly state: 'making' | 'ready' | 'deleting';
  /** Null until it is ready. */
  readonly copied: CopyFacts | null;
}
