import type { UsageHour } from '../store/index.ts';
import { filterOf, segmentParts, type OpenLengthMs, type Owner, type UsageQuery, type UsageReader } from './collect.ts';
import { add, uncuttable, type Tally } from './tally.ts';
import { splitWindow } from './window.ts';

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
  /** Exact up to 2.5 TB in an hour. Sums of hours outgrow a double: add up as BigInt. */
  readonly storageByteSeconds: number;
  /** From clients and to them, at the gateway. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queries: number;
  readonly wakes: number;
}

/** The part of the store that hours are read from. */
export type HourReader = Pick<UsageReader, 'usageHours' | 'segments' | 'openSegments'>;

/** A window, and whose hours: everybody's, one project's, or the computes of one name, destroyed ones included. */
export type HourQuery = UsageQuery;

/**
 * Usage inside [sinceMs, untilMs) by hour, project and compute, in that order; computes of one name, of which all but
 * one are destroyed, by id. An hour that the window cuts holds the part inside it, and one in which nothing was used is
 * left out. A segment ends where its measured length ends; that of an open one is asked from `openLengthMs`, in
 * milliseconds, never taken from the wall clock. A wake counts in the hour in which it happened. Traffic and storage are kept
 * by the hour and not cut: they count in the window in which their hour begins, so that windows add up.
 */
export function* hourlyUsage(reader: HourReader, query: HourQuery, openLengthMs: OpenLengthMs): Iterable<HourUsage> {
  const extra = extraHours(reader, query, openLengthMs);
  const due = [...extra.keys()].sort((a, b) => a - b);
  for (const rows of rolledUp(reader, query)) {
    while (due[0] !== undefined && due[0] < rows.hourMs) yield* usageOf(due[0], extra.get(due.shift() ?? 0));
    if (due[0] === rows.hourMs) due.shift();
    yield* usageOf(rows.hourMs, merge(rows.lines, extra.get(rows.hourMs)));
  }
  for (const hourMs of due) yield* usageOf(hourMs, extra.get(hourMs));
}

/** Of one hour, by compute. */
type HourLines = Map<string, { readonly owner: Owner; readonly tally: Tally }>;

function extraHours(reader: HourReader, query: HourQuery, openLengthMs: OpenLengthMs): Map<number, HourLines> {
  const hours = new Map<number, HourLines>();
  for (const { segment, periodMs, tally } of segmentParts(reader, query, openLengthMs, { per: 'hour' })) {
    const lines = hours.get(periodMs ?? 0) ?? (new Map() as HourLines);
    hours.set(periodMs ?? 0, lines);
    addLine(lines, segment, tally);
  }
  return hours;
}

/** Hour by hour, as they are stored. */
function* rolledUp(
  reader: HourReader,
  query: HourQuery,
): Generator<{ readonly hourMs: number; readonly lines: HourLines }> {
  const { lastHour } = splitWindow(query);
  let hourMs: number | null = null;
  let lines: HourLines = new Map();
  for (const row of reader.usageHours(filterOf(query, query))) {
    if (hourMs !== null && hourMs !== row.hourMs) {
      yield { hourMs, lines };
      lines = new Map();
    }
    hourMs = row.hourMs;
    addLine(lines, row, hourMs === lastHour?.sinceMs ? uncuttable(row) : tallyOf(row));
  }
  if (hourMs !== null) yield { hourMs, lines };
}

function tallyOf({
  hourMs: _hourMs,
  computeId: _id,
  computeName: _name,
  project: _project,
  ...amounts
}: UsageHour): Tally {
  return { ...amounts, firstMs: null, lastMs: null };
}

function merge(lines: HourLines, more: HourLines | undefined): HourLines {
  for (const { owner, tally } of more?.values() ?? []) addLine(lines, owner, tally);
  return lines;
}

function addLine(lines: HourLines, owner: Owner, tally: Tally): void {
  const before = lines.get(owner.computeId);
  lines.set(owner.computeId, { owner, tally: before === undefined ? tally : add(before.tally, tally) });
}

function* usageOf(hourMs: number, lines: HourLines | undefined): Generator<HourUsage> {
  const usages = Array.from(lines?.values() ?? [], ({ owner, tally }) => toUsage(hourMs, owner, tally));
  yield* usages.filter(isSomething).sort(byOwner);
}

function toUsage(hourMs: number, { project, computeId, computeName }: Owner, tally: Tally): HourUsage {
  const { activeMs, quarterCuMs, frozenMs, hibernatedMs, storageByteSeconds, bytesIn, bytesOut, queries, wakes } =
    tally;
  return {
    hourMs,
    project,
    computeId,
    compute: computeName,
    activeMs,
    quarterCuMs,
    frozenMs,
    hibernatedMs,
    storageByteSeconds: Number(storageByteSeconds),
    bytesIn,
    bytesOut,
    queries,
    wakes,
  };
}

function isSomething(usage: HourUsage): boolean {
  const { activeMs, frozenMs, hibernatedMs, wakes, bytesIn, bytesOut, queries, storageByteSeconds } = usage;
  return [activeMs, frozenMs, hibernatedMs, wakes, bytesIn, bytesOut, queries, storageByteSeconds].some(
    (amount) => amount !== 0,
  );
}

function byOwner(a: HourUsage, b: HourUsage): number {
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  if (a.compute !== b.compute) return a.compute < b.compute ? -1 : 1;
  return a.computeId < b.computeId ? -1 : 1;
}
