import type { ExportFormat, Month } from '../domain/index.ts';
import type { ComputeView, UsageGroup, UsagePeriod } from './contract.ts';

/** What the agent's services are asked for, as the routes have read it. */

export interface ListQuery {
  readonly project: string | null;
  readonly includeDestroyed: boolean;
}

export interface SessionsQuery {
  /** Null is any, for both. */
  readonly project: string | null;
  readonly compute: string | null;
}

export interface WaitQuery {
  /** Null waits for any state that is not on the way to another. */
  readonly state: ComputeView['state'] | null;
  readonly timeoutMs: number;
}

export interface LogsQuery {
  readonly tail: number;
  readonly follow: boolean;
}

export interface EventsQuery {
  readonly project: string | null;
  readonly compute: string | null;
  readonly afterSeq: number | null;
  readonly limit: number;
}

export interface FollowQuery {
  readonly project: string | null;
  readonly compute: string | null;
  /** Null is from now on. */
  readonly afterSeq: number | null;
}

export interface UsageQuery {
  readonly project: string | null;
  readonly compute: string | null;
  /** Null is the beginning of the records. */
  readonly sinceMs: number | null;
  /** Null is now. */
  readonly untilMs: number | null;
  readonly by: UsageGroup;
  /** Null: it does not matter when computes were awake. */
  readonly activity: UsagePeriod | null;
}

export interface BillQuery {
  readonly project: string;
  readonly month: Month;
  /** Also what it had cost had nobody slept. */
  readonly isAlwaysOn: boolean;
}

export interface ExportQuery {
  readonly format: ExportFormat;
  readonly project: string | null;
  /** Cut to whole hours. Null is the begin of this month. */
  readonly sinceMs: number | null;
  /** Null is the end of the last hour of which all is on record; never later. */
  readonly untilMs: number | null;
}

export interface AuditQuery {
  readonly project: string | null;
  readonly tokenId: string | null;
  readonly isFailed: boolean;
  readonly afterSeq: number | null;
  readonly limit: number;
}
