import type { AccountSnapshot } from '../domain/index.ts';
import type { Endpoint, InstanceExit } from '../drivers/index.ts';
import type { CacheFacts } from '../engines/index.ts';
import { createSerialQueue, type SerialQueue } from './serial-queue.ts';

/** A wake that is under way, shared by everybody who asks. */
export interface Wake {
  readonly endpoint: Promise<Endpoint>;
  /** How many have asked and not left. */
  waiters: number;
  /** Aborted when nobody is left: ends its wait for a turn, and no start that has begun. */
  readonly leaving: AbortController;
}

/** What the control plane keeps in memory about one compute; everything here can be found again after a restart. */
export interface Cell {
  /** The only mover: whatever changes the compute's state runs in here. */
  readonly queue: SerialQueue;
  /** Where the server answers while the compute is active. */
  endpoint: Endpoint | null;
  /** Monotonic time of the last start: idle time counts from here if no client came since. */
  activeSinceMs: number;
  /** Monotonic time of the last client activity that is known, which may have been some time ago; null if none is. */
  lastActivityMs: number | null;
  wake: Wake | null;
  /** Aborted by a client that comes while the compute goes deeper. */
  descent: AbortController | null;
  /** The size that its load asked for and its host had no room for; null if there was. */
  unmetCu: number | null;
  /** What its server has cached, as last seen; null before the first look at a server. */
  cache: CacheFacts | null;
  /** What was cached when its server last was warm; null if that is not known. */
  warmBytes: number | null;
  accounts: AccountSnapshot | null;
  accountsReadMs: number;
  accountsRead: Promise<AccountSnapshot | null> | null;
  /** Set while a start is under way: aborting it calls that off. */
  starting: AbortController | null;
  /** Set while a server is being started: told when its instance ends. */
  onEnded: ((exit: InstanceExit | null) => void) | null;
  /** How the instance last ended, as reported when it did: gone with the instance if that was removed by hand. */
  lastExit: InstanceExit | null;
  /** Why it could not be hibernated the last time, so that it is said once; null if it could. */
  shortfall: string | null;
}

export interface Cells {
  of(computeId: string): Cell;
  forget(computeId: string): void;
}

export function createCells(): Cells {
  const cells = new Map<string, Cell>();
  return {
    of(computeId) {
      let cell = cells.get(computeId);
      if (cell === undefined) {
        cell = newCell();
        cells.set(computeId, cell);
      }
      return cell;
    },
    forget: (computeId) => void cells.delete(computeId),
  };
}

function newCell(): Cell {
  return {
    queue: createSerialQueue(),
    endpoint: null,
    activeSinceMs: 0,
    lastActivityMs: null,
    wake: null,
    descent: null,
    unmetCu: null,
    cache: null,
    warmBytes: null,
    accounts: null,
    accountsReadMs: Number.NEGATIVE_INFINITY,
    accountsRead: null,
    starting: null,
    onEnded: null,
    lastExit: null,
    shortfall: null,
  };
}
