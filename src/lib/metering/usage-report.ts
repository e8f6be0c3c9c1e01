import type { Segment } from '../domain/index.ts';
import type { SegmentFilter, Store } from '../store/index.ts';
import { clip, type Window } from './clip.ts';
import { add, NOTHING, type Tally } from './tally.ts';
import { spanOf, totalsOf, type ComputeUsage, type ProjectUsage, type Usage } from './usage.ts';

/** The part of the store a report is made from. */
export type UsageReader = Pick<Store, 'sumSegments' | 'edgeSegments' | 'listComputes'>;

/** A window, and whose usage: everybody's, one project's, or the computes of one name, destroyed ones included. */
export interface UsageQuery extends Window {
  readonly project?: string;
  readonly compute?: string;
}

/** Identity of a line. */
interface Owner {
  readonly computeId: string;
  readonly computeName: string;
  readonly project: string;
}

interface Line {
  readonly owner: Owner;
  readonly tally: Tally;
}

/**
 * Usage inside [sinceMs, untilMs). A segment ends where its measured length ends; that of an open one is asked from
 * `openLengthMs`, never taken from the wall clock.
 */
export function usageReport(reader: UsageReader, query: UsageQuery, openLengthMs: (segment: Segment) => number): Usage {
  const { sinceMs, untilMs } = query;
  const lines = tallyComputes(reader, query, openLengthMs);
  return {
    sinceMs,
    untilMs,
    computes: lines.map(toComputeUsage),
    projects: toProjects(lines),
    total: totalsOf(sum(lines)),
  };
}

function tallyComputes(reader: UsageReader, query: UsageQuery, openLengthMs: (segment: Segment) => number): Line[] {
  const lines = new Map<string, Line>();
  const count = (owner: Owner, tally: Tally): void => {
    lines.set(owner.computeId, { owner, tally: add(lines.get(owner.computeId)?.tally ?? NOTHING, tally) });
  };
  const filter = filterOf(query);
  for (const part of reader.sumSegments(filter)) count(part, part);
  for (const segment of reader.edgeSegments(filter)) {
    const tally = clip(segment, segment.lengthMs ?? wholeMs(openLengthMs(segment)), query);
    if (tally !== NOTHING) count(segment, tally);
  }
  // A compute that slept all the time has a line too: "nothing" is an answer.
  for (const { id, name, project, createdAtMs } of reader.listComputes(whose(query))) {
    if (createdAtMs >= query.untilMs || name !== (query.compute ?? name)) continue;
    count({ computeId: id, computeName: name, project }, NOTHING);
  }
  return [...lines.values()].sort(byOwner);
}

function filterOf(query: UsageQuery): SegmentFilter {
  return {
    fromMs: query.sinceMs,
    toMs: query.untilMs,
    ...whose(query),
    ...(query.compute === undefined ? {} : { computeName: query.compute }),
  };
}

function whose(query: UsageQuery): { readonly project?: string } {
  return query.project === undefined ? {} : { project: query.project };
}

function wholeMs(lengthMs: number): number {
  return Math.max(0, Math.round(lengthMs));
}

function byOwner(a: Line, b: Line): number {
  if (a.owner.project !== b.owner.project) return a.owner.project < b.owner.project ? -1 : 1;
  if (a.owner.computeName !== b.owner.computeName) return a.owner.computeName < b.owner.computeName ? -1 : 1;
  return (a.tally.firstMs ?? Infinity) < (b.tally.firstMs ?? Infinity) ? -1 : 1;
}

function toComputeUsage({ owner, tally }: Line): ComputeUsage {
  return { project: owner.project, compute: owner.computeName, computeId: owner.computeId, ...spanOf(tally) };
}

/** Lines come sorted, so projects are in order too. */
function toProjects(lines: readonly Line[]): ProjectUsage[] {
  const byProject = Map.groupBy(lines, (line) => line.owner.project);
  return Array.from(byProject, ([project, its]) => ({ project, compute: null, computeId: null, ...spanOf(sum(its)) }));
}

function sum(lines: readonly Line[]): Tally {
  return lines.reduce((total, line) => add(total, line.tally), NOTHING);
}
