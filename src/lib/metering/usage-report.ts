import { collectUsage, filterOf, type Line, type OpenLengthMs, type UsageQuery, type UsageReader } from './collect.ts';
import { add, NOTHING, type Tally } from './tally.ts';
import { spanOf, totalsOf, type ComputeUsage, type ProjectUsage, type Usage } from './usage.ts';
import { splitWindow } from './window.ts';

type OwnedLine = Line & { readonly owner: NonNullable<Line['owner']> };

/** Usage inside [sinceMs, untilMs) by compute and by project; see `collectUsage`. */
export function usageReport(reader: UsageReader, query: UsageQuery, openLengthMs: OpenLengthMs): Usage {
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

function tallyComputes(reader: UsageReader, query: UsageQuery, openLengthMs: OpenLengthMs): OwnedLine[] {
  const lines = new Map<string, OwnedLine>();
  const count = (owner: OwnedLine['owner'], tally: Tally): void => {
    const before = lines.get(owner.computeId)?.tally ?? NOTHING;
    lines.set(owner.computeId, { owner, periodMs: null, tally: add(before, tally) });
  };
  for (const { owner, tally } of collectUsage(reader, query, openLengthMs, { byCompute: true, per: null }))
    if (owner !== null) count(owner, tally);
  const { hours } = splitWindow(query);
  if (hours !== null) {
    for (const span of reader.activitySpans(filterOf(query, hours)))
      count(span, { ...NOTHING, firstMs: span.firstMs, lastMs: span.lastMs });
  }
  // A compute that slept all the time has a line too: "nothing" is an answer.
  for (const { id, name, project, createdAtMs } of reader.listComputes(whose(query))) {
    if (createdAtMs >= query.untilMs || name !== (query.compute ?? name)) continue;
    count({ computeId: id, computeName: name, project }, NOTHING);
  }
  return [...lines.values()].filter((line) => wasThere(reader, line, query)).sort(byOwner);
}

/** The last hour is counted whole, so it may tell of a compute that came after the end of the window. */
function wasThere(reader: UsageReader, { owner, tally }: OwnedLine, { untilMs }: UsageQuery): boolean {
  const isTimed = tally.firstMs !== null || tally.frozenMs > 0 || tally.hibernatedMs > 0;
  return isTimed || (reader.getCompute(owner.computeId)?.createdAtMs ?? 0) < untilMs;
}

function whose(query: UsageQuery): { readonly project?: string } {
  return query.project === undefined ? {} : { project: query.project };
}

function byOwner(a: OwnedLine, b: OwnedLine): number {
  if (a.owner.project !== b.owner.project) return a.owner.project < b.owner.project ? -1 : 1;
  if (a.owner.computeName !== b.owner.computeName) return a.owner.computeName < b.owner.computeName ? -1 : 1;
  return (a.tally.firstMs ?? Infinity) < (b.tally.firstMs ?? Infinity) ? -1 : 1;
}

function toComputeUsage({ owner, tally }: OwnedLine): ComputeUsage {
  return { project: owner.project, compute: owner.computeName, computeId: owner.computeId, ...spanOf(tally) };
}

/** Lines come sorted, so projects are in order too. */
function toProjects(lines: readonly OwnedLine[]): ProjectUsage[] {
  const byProject = Map.groupBy(lines, (line) => line.owner.project);
  return Array.from(byProject, ([project, its]) => ({ project, compute: null, computeId: null, ...spanOf(sum(its)) }));
}

function sum(lines: readonly Line[]): Tally {
  return lines.reduce((total, line) => add(total, line.tally), NOTHING);
}
