/** How a compute's sessions share connections to its server. Plain data. */
export interface ConnectionPoolSettings {
  /** Connections at most. */
  readonly size: number;
  /** How long a session waits for one. */
  readonly waitMs: number;
  /** After which a connection that nobody uses is closed. */
  readonly idleMs: number;
}

/** Of one pool, for people and metrics. */
export interface ConnectionPoolState {
  /** How many there may be, at all threads of the gateway together. */
  readonly size: number;
  /** Connections whose session is at work, is inside a transaction, or changes. */
  readonly inUse: number;
  /** Connections that a session keeps for a reason: part of those in use. */
  readonly pinned: number;
  /** Connections that could be another session's at once. */
  readonly idle: number;
  /** Sessions that wait for one. */
  readonly waiting: number;
  /** Of those that were given one; null before the first. */
  readonly waited: TimesSummary | null;
  /** From a session's first command to the end of its transaction; null before the first. */
  readonly held: TimesSummary | null;
  /** How often a connection became another session's. */
  readonly switches: number;
  /** Sessions that were turned away when their time was up. */
  readonly refusals: number;
}

export interface TimesSummary {
  readonly count: number;
  /** Of the last few hundred. */
  readonly p50Ms: number;
  readonly maxMs: number;
}
