import type { Segment } from '../domain/index.ts';
import type { SegmentFilter, Store } from '../store/index.ts';
import type { Window } from './clip.ts';

/** What a compute used in one hour of UTC. Whole numbers all, so that hours add up exactly to days, bills and quotas. */
export interface HourUsage {
  /** Begin of the hour: a multiple of 3,600,000, also where the window begins later. */
  readonly hourMs: number;
  readonly project: string;
  readonly computeId: string;
  readonly compute: string;
  readonly activeMs: number;
  /** Quarters of a CU times milliseconds of activity. */
  readonly quarterCuMs: number;
  /** Asleep with the process kept, in memory or in swap. */
  readonly frozenMs: number;
  readonly hibernatedMs: number;
  readonly storageByteSeconds: number;
  /** From clients and to them, at the gateway. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queries: number;
  readonly wakes: number;
}

/** The part of the store that hours are read from. */
export type HourReader = Pick<Store, 'segments'>;

/** A window, and whose hours: everybody's, one project's, or the computes of one name, destroyed ones included. */
export interface HourQuery extends Window {
  readonly project?: string;
  readonly compute?: string;
}

const HOUR_MS = 3_600_000;

/**
 * Usage inside [sinceMs, untilMs) by hour, project and compute, in that order; computes of one name, of which all but
 * one are destroyed, by id. An hour that the window cuts holds the part inside it, and one in which nothing was used is
 * left out. A segment ends where its measured length ends; that of an open one is asked from `openLengthMs`, in
 * milliseconds, never taken from the wall clock. A wake counts in the hour in which it happened.
 */
export function* hourlyUsage(
  reader: HourReader,
  query: HourQuery,
  openLengthMs: (segment: Segment) => number,
): Iterable<HourUsage> {
  const hours = new Map<number, Map<string, Counted>>();
  for (const segment of reader.segments(filterOf(query))) {
    const lengthMs = segment.lengthMs ?? Math.max(0, Math.round(openLengthMs(segment)));
    countSegment(hours, segment, lengthMs, query);
  }
  for (const hourMs of [...hours.keys()].sort((a, b) => a - b)) {
    yield* [...(hours.get(hourMs)?.values() ?? [])].sort(byOwner);
  }
}

type Counted = { -readonly [Key in keyof HourUsage]: HourUsage[Key] };

function countSegment(
  hours: Map<number, Map<string, Counted>>,
  segment: Segment,
  lengthMs: number,
  { sinceMs, untilMs }: Window,
): void {
  const firstMs = Math.max(segment.startedAtMs, sinceMs);
  const lastMs = Math.min(segment.startedAtMs + lengthMs, untilMs);
  const isWake = segment.cause === 'wake' && segment.startedAtMs >= sinceMs && segment.startedAtMs < untilMs;
  if (isWake) countedOf(hours, segment, hourOf(segment.startedAtMs)).wakes += 1;
  for (let fromMs = firstMs; fromMs < lastMs; fromMs = hourOf(fromMs) + HOUR_MS) {
    const hour = countedOf(hours, segment, hourOf(fromMs));
    const insideMs = Math.min(lastMs, hour.hourMs + HOUR_MS) - fromMs;
    if (segment.depth === 'frozen') hour.frozenMs += insideMs;
    else if (segment.depth === 'hibernated') hour.hibernatedMs += insideMs;
    else {
      hour.activeMs += insideMs;
      hour.quarterCuMs += insideMs * segment.cu * 4;
    }
  }
}

function countedOf(hours: Map<number, Map<string, Counted>>, segment: Segment, hourMs: number): Counted {
  const hour = hours.get(hourMs) ?? new Map<string, Counted>();
  hours.set(hourMs, hour);
  const counted = hour.get(segment.computeId) ?? nothing(segment, hourMs);
  hour.set(segment.computeId, counted);
  return counted;
}

function nothing({ project, computeId, computeName }: Segment, hourMs: number): Counted {
  return {
    hourMs,
    project,
    computeId,
    compute: computeName,
    activeMs: 0,
    quarterCuMs: 0,
    frozenMs: 0,
    hibernatedMs: 0,
    storageByteSeconds: 0,
    bytesIn: 0,
    bytesOut: 0,
    queries: 0,
    wakes: 0,
  };
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

function byOwner(a: HourUsage, b: HourUsage): number {
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  if (a.compute !== b.compute) return a.compute < b.compute ? -1 : 1;
  return a.computeId < b.computeId ? -1 : 1;
}

function filterOf({ sinceMs, untilMs, project, compute }: HourQuery): SegmentFilter {
  return {
    fromMs: sinceMs,
    toMs: untilMs,
    ...(project === undefined ? {} : { project }),
    ...(compute === undefined ? {} : { computeName: compute }),
  };
}
