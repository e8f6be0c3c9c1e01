import type { Segment } from '../domain/index.ts';
import type { SegmentFilter } from './segment-filter.ts';

/** What is rolled up by the hour. Whole numbers, never negative. */
export interface UsageAmounts {
  readonly activeMs: number;
  /** Quarters of a CU times milliseconds of activity. */
  readonly quarterCuMs: number;
  /** Asleep with the process kept. */
  readonly frozenMs: number;
  readonly hibernatedMs: number;
  readonly wakes: number;
  /** Wakes by how long they took, see `wakeBucket`: counted as they happen, the others when their segment closes. */
  readonly wakeCounts: readonly number[];
  readonly wakeMs: number;
  /** From clients and to them. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queries: number;
  /** Sums outgrow a double. */
  readonly storageByteSeconds: bigint;
}

export interface UsageHour extends UsageAmounts {
  readonly hourMs: number;
  readonly computeId: string;
  readonly computeName: string;
  readonly project: string;
}

/** All of UTC. */
export type UsagePeriod = 'hour' | 'day' | 'month';

export interface UsageGrouping {
  readonly byCompute: boolean;
  /** Null: all of the window in one. */
  readonly per: UsagePeriod | null;
}

export interface UsageSum extends UsageAmounts {
  /** Null where it is not by compute. */
  readonly owner: { readonly computeId: string; readonly computeName: string; readonly project: string } | null;
  /** Begin of the period; null where it is the whole window. */
  readonly periodMs: number | null;
}

/** When a compute was active in a window, as far as its segments are closed. */
export interface ActivitySpan {
  readonly computeId: string;
  readonly computeName: string;
  readonly project: string;
  /** Neither before nor after the window. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What the clients of a compute did since the last time. */
export interface TrafficDelta {
  readonly computeId: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queries: number;
}

/** What the data of a compute takes, and until when that is in the hours. */
export interface StorageLevel {
  readonly computeId: string;
  /** Of its data alone, as last measured. */
  readonly dataBytes: number;
  /** With its snapshots. */
  readonly bytes: number;
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly bootId: string;
  /** Byte-milliseconds below a whole byte-second. */
  readonly remainder: number;
}

export interface StorageAccount {
  readonly computeId: string;
  /** From now on; null: there is no data any more. */
  readonly level: StorageLevel | null;
  /** Of the level before it, until now. */
  readonly hours: readonly { readonly hourMs: number; readonly byteSeconds: bigint }[];
}

/** Usage rolled up by hour and month, beside the segments that it is made of. */
export interface UsageRecords {
  /** Hours that begin in [fromMs, toMs) and have something in them, by hour, project, name and id. Streams. */
  usageHours(filter: SegmentFilter): Iterable<UsageHour>;
  /** The same added up. In no order. */
  usageSums(filter: SegmentFilter, grouping: UsageGrouping): readonly UsageSum[];
  /** Open segments that began before toMs: they are in no roll-up. */
  openSegments(filter: SegmentFilter): readonly Segment[];
  activitySpans(filter: SegmentFilter): readonly ActivitySpan[];

  storageLevels(): readonly StorageLevel[];
  /** What a project's levels add up to, without those whose data was purged since. */
  storageBytesOf(project: string): number;
  /** In one transaction, so that nothing is counted twice. */
  accountStorage(accounts: readonly StorageAccount[]): void;
}
