import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';

import {
  applyEvent,
  applyProjectEvent,
  isProjectEvent,
  projectOfCompute,
  type Compute,
  type Project,
  type Segment,
} from '../domain/index.ts';
import type { ComputeProjection } from './compute-projection.ts';
import type { EventLog } from './event-log.ts';
import type { ProjectProjection } from './project-projection.ts';
import type { SegmentProjection } from './segment-projection.ts';
import type { Store } from './store.ts';
import { createUsageRecount } from './verify-usage.ts';

interface Replayed {
  readonly computes: ReadonlyMap<string, Compute>;
  readonly segments: ReadonlyMap<number, Segment>;
  readonly projects: ReadonlyMap<string, Project>;
}

interface Parts {
  readonly db: DatabaseSync;
  readonly log: EventLog;
  readonly computes: ComputeProjection;
  readonly segments: SegmentProjection;
  readonly projects: ProjectProjection;
}

/** Compares what is stored with what the log alone gives. */
export function verifyProjections({ db, log, computes, segments, projects }: Parts): ReturnType<Store['verify']> {
  const replayed = replay(log);
  const stored = new Map(Array.from(segments.all(), (segment) => [segment.id, segment]));
  const differences = [
    ...compare('compute', replayed.computes, new Map(computes.all().map((compute) => [compute.id, compute]))),
    ...compare('segment', replayed.segments, stored),
    ...compare('project', replayed.projects, new Map(projects.all().map((project) => [project.name, project]))),
    ...usageDifferences(db, log, stored.values()),
  ];
  return { isConsistent: differences.length === 0, differences };
}

/** Of what is stored as segments, as to these the other comparison has seen. */
function usageDifferences(db: DatabaseSync, log: EventLog, segments: Iterable<Segment>): string[] {
  const recount = createUsageRecount();
  for (const segment of segments) recount.addSegment(segment);
  for (const { computeId, event } of log.all()) if (!isProjectEvent(event)) recount.addEvent(computeId, event);
  return recount.differences(db);
}

function replay(log: EventLog): Replayed {
  const computes = new Map<string, Compute>();
  const segments = new Map<number, Segment>();
  const projects = new Map<string, Project>();
  const open = new Map<string, Segment>();
  for (const { computeId, project, event, seq, atMs } of log.all()) {
    const stamp = { name: project, seq, atMs };
    const projectBefore = projects.get(project) ?? null;
    if (isProjectEvent(event)) {
      projects.set(project, applyProjectEvent(projectBefore, event, stamp));
      continue;
    }
    const projectAfter = projectOfCompute(projectBefore, event, stamp);
    if (projectAfter !== null) projects.set(project, projectAfter);
    const { compute, segmentChanges } = applyEvent(computes.get(computeId) ?? null, event, { seq, atMs });
    computes.set(computeId, compute);
    for (const change of segmentChanges) {
      const segment = change.kind === 'open' ? change.segment : open.get(computeId);
      if (segment === undefined) continue;
      const changed = change.kind === 'open' ? segment : { ...segment, lengthMs: change.lengthMs };
      segments.set(changed.id, changed);
      // A sleep that was not metered ends too, and must not end again what is closed already.
      if (changed.lengthMs === null) open.set(computeId, changed);
      else open.delete(computeId);
    }
  }
  return { computes, segments, projects };
}

function compare<Id>(what: string, expected: ReadonlyMap<Id, unknown>, stored: ReadonlyMap<Id, unknown>): string[] {
  const ids = new Set([...expected.keys(), ...stored.keys()]);
  return [...ids].flatMap((id) => {
    if (isDeepStrictEqual(expected.get(id), stored.get(id))) return [];
    if (!stored.has(id)) return [`${what} ${String(id)} is in the log but not stored`];
    if (!expected.has(id)) return [`${what} ${String(id)} is stored but not in the log`];
    return [`${what} ${String(id)} is not as the log says`];
  });
}
