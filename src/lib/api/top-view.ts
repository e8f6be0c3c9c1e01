import type { Compute, Depth } from '../domain/index.ts';
import type { TopRow } from './contract.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';
import { leaseView } from './lease-view.ts';

/** What is true of a compute at the moment of the look. */
export interface TopFacts {
  readonly sessions: number;
  readonly queries: number;
  readonly memoryBytes: number | null;
  readonly awakeTodayMs: number;
  readonly awakeBecause: readonly string[];
  readonly waitingBecause: string | null;
  readonly heldBecause: readonly string[];
  readonly suspendsAtMs: number | null;
  readonly nextStep: { readonly depth: Depth; readonly atMs: number } | null;
}

export function topRow(compute: Compute, facts: TopFacts): TopRow {
  const { id, name, project, driver, state, depth, size, failure } = compute;
  const { nextStep } = facts;
  return {
    id,
    name,
    project,
    driver,
    state,
    depth,
    stateSince: isoTime(compute.stateSinceMs),
    size: { ...size },
    sessions: facts.sessions,
    queries: facts.queries,
    memoryBytes: facts.memoryBytes,
    awakeTodaySeconds: facts.awakeTodayMs / 1000,
    awakeBecause: [...facts.awakeBecause],
    waitingBecause: facts.waitingBecause,
    heldBecause: [...facts.heldBecause],
    suspendsAt: isoTimeOrNull(facts.suspendsAtMs),
    nextStep: nextStep === null ? null : { depth: nextStep.depth, at: isoTime(nextStep.atMs) },
    failure: state === 'failed' ? (failure?.message ?? null) : null,
    leaseExpiresAt: leaseView(compute).leaseExpiresAt,
  };
}
