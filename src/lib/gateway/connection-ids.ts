/** Ids that clients were given, and the server's ids of the same sessions. */
export interface ConnectionIds {
  /** An id for a greeting. Not a small number, as the server's own are; positive even where clients read it as signed. */
  next(): number;
  /** @param backendId null while the session has no connection to the server */
  bind(id: number, owner: SessionOwner, backendId: number | null): void;
  release(id: number): void;
  /** The server's id of a session of the same compute; null when the id is not one of ours, or has none there now. */
  backendIdOf(id: number, computeId: string): number | null;
}

const FIRST_ID = 2 ** 30;
const LAST_ID = 2 ** 31 - 1;
/** How many threads have ids of their own to give. */
export const MAX_THREADS = 16;
const IDS_PER_SLOT = (LAST_ID + 1 - FIRST_ID) / MAX_THREADS;

/** Whose session has the id. */
export interface SessionOwner {
  readonly computeId: string;
  readonly user: string;
}

interface Bound extends SessionOwner {
  readonly backendId: number | null;
}

/** @param slot which thread gives them, from 0 */
export function createConnectionIds(slot = 0): ConnectionIds {
  const bound = new Map<number, Bound>();
  const first = FIRST_ID + slot * IDS_PER_SLOT;
  let last = first - 1;
  return {
    next: () => {
      do last = last >= first + IDS_PER_SLOT - 1 ? first : last + 1;
      while (bound.has(last));
      return last;
    },
    bind: (id, { computeId, user }, backendId) => {
      bound.set(id, { computeId, user, backendId });
    },
    release: (id) => {
      bound.delete(id);
    },
    backendIdOf: (id, computeId) => {
      const entry = bound.get(id);
      return entry?.computeId === computeId ? entry.backendId : null;
    },
  };
}

/** Which thread gave the id to a client; null for a number that none gives. */
export function slotOf(id: number): number | null {
  return id < FIRST_ID || id > LAST_ID ? null : Math.floor((id - FIRST_ID) / IDS_PER_SLOT);
}
