import { fitLadder, ladderOf, nextStep, type Compute, type Depth } from '../domain/index.ts';
import { driverOf, type Core } from './core.ts';
import { remainingMs } from './idle-watch.ts';
import { firstDepth, possibleDepths } from './possible-depth.ts';
import { describeBlocker } from './take-down.ts';

/** What is true of a compute right now and on no record. */
export interface LiveFacts {
  readonly sessions: number;
  /** What the client of the last wake waited for besides; null if there was none. */
  readonly firstIn: { readonly handshakeMs: number; readonly loginMs: number } | null;
  /** Why it is awake, one sentence each. */
  readonly awakeBecause: readonly string[];
  /** Wall time of its suspend if nobody comes; null if it is not active, or never. */
  readonly suspendsAtMs: number | null;
  /** Where it goes from here, and at which wall time, if nobody comes; null unless it sleeps above the end of its ladder. */
  readonly nextStep: { readonly depth: Depth; readonly atMs: number } | null;
}

export function liveFacts(core: Core, compute: Compute): LiveFacts {
  const sessions = core.gate.sessionCount(compute.id);
  const firstIn = compute.lastWake?.cause === 'wake' ? core.gate.firstIn(compute.id) : null;
  const next = nextStepOf(core, compute);
  if (compute.state !== 'active') return { sessions, firstIn, awakeBecause: [], suspendsAtMs: null, nextStep: next };
  if (core.cells.of(compute.id).endpoint === null) {
    // Only in the moments after the agent's start, and while nothing can be put on record.
    const reason = 'on record only: whether its server still runs could not be settled yet; see: doze doctor';
    return { sessions, firstIn, awakeBecause: [reason], suspendsAtMs: null, nextStep: next };
  }
  const blockers = core.gate
    .blockers(compute.id, firstDepth(core, compute))
    .map((blocker) => describeBlocker(core, blocker));
  const remaining = remainingMs(core, compute);
  const awakeBecause = [
    ...blockers,
    ...(remaining === null ? ['it is set never to suspend'] : idleSentence(remaining)),
  ];
  const suspendsAtMs = remaining === null || blockers.length > 0 ? null : core.clock.wallMs() + remaining;
  return { sessions, firstIn, awakeBecause, suspendsAtMs, nextStep: next };
}

function nextStepOf(core: Core, compute: Compute): LiveFacts['nextStep'] {
  if (compute.state !== 'suspended' || compute.depth === null) return null;
  const ladder = fitLadder(ladderOf(compute), possibleDepths(driverOf(core, compute), compute));
  const next = nextStep(ladder, compute.depth);
  return next === null ? null : { depth: next.depth, atMs: compute.stateSinceMs + next.sleptMs };
}

function idleSentence(remaining: number): string[] {
  return remaining > 0 ? [`it was used a moment ago: idle time runs for another ${Math.ceil(remaining / 1000)} s`] : [];
}
