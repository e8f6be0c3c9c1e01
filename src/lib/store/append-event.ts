import type { DatabaseSync } from 'node:sqlite';

import {
  applyEvent,
  applyProjectEvent,
  projectOfCompute,
  type Compute,
  type ComputeEvent,
  type ComputeSpec,
  type Project,
  type ProjectEvent,
} from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { ComputeProjection } from './compute-projection.ts';
import type { EventLog } from './event-log.ts';
import type { ProjectProjection } from './project-projection.ts';
import type { SegmentProjection } from './segment-projection.ts';
import { inTransaction } from './transaction.ts';

interface Parts {
  readonly db: DatabaseSync;
  readonly log: EventLog;
  readonly computes: ComputeProjection;
  readonly segments: SegmentProjection;
  readonly projects: ProjectProjection;
}

/**
 * One event and what follows from it, in one transaction and one write to the disk: it is on the way of a wake.
 * The event goes in first, as the compute carries its sequence number; a refusal takes it out again.
 */
export function appendEvent(parts: Parts, computeId: string, event: ComputeEvent, atMs: number): Compute {
  const { db, log, computes, segments, projects } = parts;
  const { compute, project } = inTransaction(db, () => {
    const before = computes.get(computeId);
    const owner = before ?? ownerOf(computeId, event);
    refuseNameInUse(computes, owner, event);
    const wholeMs = Math.round(atMs);
    const stamp = { seq: log.insert(owner, event, wholeMs), atMs: wholeMs };
    const applied = applyEvent(before, event, stamp);
    computes.write(applied.compute);
    for (const change of applied.segmentChanges) segments.apply(computeId, change);
    return { compute: applied.compute, project: broughtProject(projects, owner.project, event, stamp) };
  });
  computes.remember(compute);
  if (project !== null) projects.remember(project);
  return compute;
}

/** One that came into being with this event; null if none did. */
function broughtProject(
  projects: ProjectProjection,
  name: string,
  event: ComputeEvent,
  stamp: { readonly seq: number; readonly atMs: number },
): Project | null {
  const before = projects.get(name);
  const after = projectOfCompute(before, event, { name, ...stamp });
  if (after === null || after === before) return null;
  projects.write(after);
  return after;
}

/** The same for a project, which has no segments. */
export function appendProjectEvent(
  { db, log, projects }: Pick<Parts, 'db' | 'log' | 'projects'>,
  name: string,
  event: ProjectEvent,
  atMs: number,
): Project {
  const project = inTransaction(db, () => {
    const wholeMs = Math.round(atMs);
    const seq = log.insert({ id: '', name: '', project: name }, event, wholeMs);
    const after = applyProjectEvent(projects.get(name), event, { name, seq, atMs: wholeMs });
    projects.write(after);
    return after;
  });
  projects.remember(project);
  return project;
}

function ownerOf(computeId: string, event: ComputeEvent): ComputeSpec {
  if (event.type === 'createRequested' && event.spec.id === computeId) return event.spec;
  throw new DozeError('INTERNAL', `event ${event.type} for compute ${computeId}, which was never created`);
}

function refuseNameInUse(computes: ComputeProjection, owner: ComputeSpec, event: ComputeEvent): void {
  if (event.type !== 'createRequested' && event.type !== 'restored') return;
  const holder = computes.findLive(owner.project, owner.name);
  if (holder === null || holder.id === owner.id) return;
  throw new DozeError('NAME_IN_USE', `project "${owner.project}" already has a compute "${owner.name}"`, {
    hint: `doze compute show ${owner.name}`,
    details: { computeId: holder.id },
  });
}
