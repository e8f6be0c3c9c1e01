import { keepsProcess, type Depth } from './depth.ts';

/** One reason why a compute is awake, for idle decisions and for `compute show`. */
export interface Blocker {
  readonly kind: 'commandInFlight' | 'openTransaction' | 'login' | 'pinned';
  readonly client: string;
  /** The id that the session's client was given; none while it logs in. */
  readonly session?: number;
  /** Monotonic. */
  readonly sinceMs: number;
  /** Of one that is pinned, with the session as its subject: `holds a temporary table`. */
  readonly why?: string;
}

/** Those that forbid this depth: what only the server has lives on where its process does. */
export function blockersAt(blockers: readonly Blocker[], depth: Depth): readonly Blocker[] {
  return keepsProcess(depth) ? blockers.filter(({ kind }) => kind === 'commandInFlight' || kind === 'login') : blockers;
}
