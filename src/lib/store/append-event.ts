import type { DatabaseSync } from 'node:sqlite';

import { applyEvent, type Compute, type ComputeEvent, type ComputeSpec } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { ComputeProjection } from './compute-projection.ts';
import type { EventLog } from './event-log.ts';
import type { SegmentProjection } from './segment-projection.ts';
import { inTransaction } from './transaction.ts';

interface Parts {
  readonly db: DatabaseSync;
  readonly log: EventLog;
  readonly computes: ComputeProjection;
  readonly segments: SegmentProjection;
}

/**
 * One event and what follows from it, in one transaction and one write to the disk: it is on the way of a wake.
 * The event goes in first, as the compute carries its sequence number; a refusal takes it out again.
 */
export function appendEvent(parts: Parts, computeId: string, event: ComputeEvent, atMs: number): Compute {
  const { db, log, computes, segments } = parts;
  const compute = inTransaction(db, () => {
    const before = computes.get(computeId);
    const owner = before ?? ownerOf(computeId, event);
    refuseNameInUse(computes, owner, event);
    const wholeMs = Math.round(atMs);
    const applied = applyEvent(before, event, { seq: log.insert(owner, event, wholeMs), atMs: wholeMs });
    computes.write(applied.compute);
    for (const change of applied.segmentChanges) segments.apply(computeId, change);
    return applied.compute;
  });
  computes.remember(compute);
  return compute;
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
