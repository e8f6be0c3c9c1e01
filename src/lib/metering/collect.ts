import type { Segment } from '../domain/index.ts';
import type { SegmentFilter, Store, UsageGrouping, UsageSum } from '../store/index.ts';
import { clip } from './clip.ts';
import { nextPeriod, periodOf } from './periods.ts';
import { add, NOTHING, uncuttable, type Tally } from './tally.ts';
import { splitWindow, type Window } from './window.ts';

/** The part of the store that usage is read from. */
export type UsageReader = Pick<
  Store,
  'usageHours' | 'usageSums' | 'segments' | 'openSegments' | 'activitySpans' | 'listComputes' | 'getCompute'
>;

/** A window, and whose usage: everybody's, one project's, or the computes of one name, destroyed ones included. */
export interface UsageQuery extends Window {
  readonly project?: string;
  readonly compute?: string;
}

/** Length of an open segment so far, in milliseconds. */
export type OpenLengthMs = (segment: Segment) => number;

export type Owner = NonNullable<UsageSum['owner']>;

export interface Line {
  /** Null where it is not by compute. */
  readonly owner: Owner | null;
  /** Begin of the period; null where it is the whole window. */
  readonly periodMs: number | null;
  readonly tally: Tally;
}

/**
 * Usage inside [sinceMs, untilMs), a line for each compute, period or both that had any. Whole hours come from the roll-ups,
 * the rest from segments: one ends where its measured length ends, and that of an open one is asked for, never taken from the
 * wall clock. What is kept by the hour alone (traffic, storage, how long wakes took) counts where its hour begins.
 */
export function collectUsage(
  reader: Pick<UsageReader, 'usageSums' | 'segments' | 'openSegments'>,
  query: UsageQuery,
  openLengthMs: OpenLengthMs,
  grouping: UsageGrouping,
): Line[] {
  const lines = new Map<string, Line>();
  const count = (owner: Owner | null, periodMs: number | null, tally: Tally): void => {
    const key = `${owner?.computeId ?? ''} ${periodMs ?? ''}`;
    lines.set(key, { owner, periodMs, tally: add(lines.get(key)?.tally ?? NOTHING, tally) });
  };
  const { hours, lastHour } = splitWindow(query);
  const sums = (window: Window | null): readonly UsageSum[] =>
    window === null ? [] : reader.usageSums(filterOf(query, window), grouping);
  for (const sum of sums(hours)) count(sum.owner, sum.periodMs, { ...NOTHING, ...amountsOf(sum) });
  for (const sum of sums(lastHour)) count(sum.owner, sum.periodMs, uncuttable(sum));
  for (const part of segmentParts(reader, query, openLengthMs, grouping))
    count(grouping.byCompute ? part.segment : null, part.periodMs, part.tally);
  return [...lines.values()];
}

/** What no roll-up has, or has not as such: open segments, and those at the edges of the window. */
export function* segmentParts(
  reader: Pick<UsageReader, 'segments' | 'openSegments'>,
  query: UsageQuery,
  openLengthMs: OpenLengthMs,
  grouping: Pick<UsageGrouping, 'per'>,
): Generator<{ readonly segment: Segment; readonly periodMs: number | null; readonly tally: Tally }> {
  for (const edge of splitWindow(query).edges) {
    for (const segment of reader.segments(filterOf(query, edge)))
      if (segment.lengthMs !== null) yield* cut(segment, segment.lengthMs, edge, grouping);
  }
  for (const segment of reader.openSegments(filterOf(query, query)))
    yield* cut(segment, wholeMs(openLengthMs(segment)), query, grouping);
}

export function filterOf({ project, compute }: UsageQuery, { sinceMs, untilMs }: Window): SegmentFilter {
  return {
    fromMs: sinceMs,
    toMs: untilMs,
    ...(project === undefined ? {} : { project }),
    ...(compute === undefined ? {} : { computeName: compute }),
  };
}

function wholeMs(lengthMs: number): number {
  return Math.max(0, Math.round(lengthMs));
}

function amountsOf({ owner: _owner, periodMs: _periodMs, ...amounts }: UsageSum): Omit<Tally, 'firstMs' | 'lastMs'> {
  return amounts;
}

/** A segment's part of a window, by period. */
function* cut(
  segment: Segment,
  lengthMs: number,
  window: Window,
  { per }: Pick<UsageGrouping, 'per'>,
): ReturnType<typeof segmentParts> {
  if (per === null) {
    const tally = clip(segment, lengthMs, window);
    if (tally !== NOTHING) yield { segment, periodMs: null, tally };
    return;
  }
  const lastMs = Math.min(segment.startedAtMs + lengthMs, window.untilMs);
  for (let fromMs = Math.max(segment.startedAtMs, window.sinceMs); fromMs <= lastMs;) {
    const periodMs = periodOf(per, fromMs);
    const endMs = nextPeriod(per, periodMs);
    const tally = clip(segment, lengthMs, { sinceMs: fromMs, untilMs: Math.min(endMs, window.untilMs) });
    if (tally !== NOTHING) yield { segment, periodMs, tally };
    fromMs = endMs;
  }
}
