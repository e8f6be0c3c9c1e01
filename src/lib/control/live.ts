import { blockersAt, fitLadder, ladderOf, nextStep, type Compute, type Depth } from '../domain/index.ts';
import type { ConnectionPoolState } from './connection-pool.ts';
import { driverOf, type Core } from './core.ts';
import { remainingMs } from './idle-watch.ts';
import type { GateFacts } from './ports.ts';
import { firstDepth, possibleDepths } from './possible-depth.ts';
import { describeBlocker, formatSeconds } from './take-down.ts';

/** What is true of a compute right now and on no record. */
export interface LiveFacts {
  readonly sessions: number;
  /** Of the connections that its sessions share; null where they share none, or none has come. */
  readonly connections: ConnectionPoolState | null;
  /** What the client of the last wake waited for besides; null if there was none. */
  readonly firstIn: { readonly handshakeMs: number; readonly loginMs: number } | null;
  /** Why it is awake, one sentence each. */
  readonly awakeBecause: readonly string[];
  /** Why it does not start yet; null unless it waits for its turn on a full host. */
  readonly waitingBecause: string | null;
  /** Why it is smaller than its load asks for; null unless it is. */
  readonly boundBecause: string | null;
  /** What its server has cached; null unless it is active and was looked at. */
  readonly cache: CacheView | null;
  /** Wall time of its suspend if nobody comes; null if it is not active, or never. */
  readonly suspendsAtMs: number | null;
  /** Where it goes from here, and at which wall time, if nobody comes; null unless it sleeps above the end of its ladder. */
  readonly nextStep: { readonly depth: Depth; readonly atMs: number } | null;
  /** Why it will not go there, one sentence each; empty unless sessions keep it where it sleeps. */
  readonly heldBecause: readonly string[];
}

interface CacheView {
  readonly bytes: number;
  readonly capacityBytes: number;
  /** Whether what was cached before its sleep is still coming back. */
  readonly isWarming: boolean;
  /** How much that is; null where it is not known, as after a restart of the agent. */
  readonly warmBytes: number | null;
}

export async function liveFacts(core: Core, compute: Compute): Promise<LiveFacts> {
  const facts = await core.gate.facts(compute.id);
  return {
    sessions: facts.sessions,
    connections: facts.connections,
    firstIn: compute.lastWake?.cause === 'wake' ? facts.firstIn : null,
    cache: cacheOf(core, compute),
    ...reasonsOf(core, compute, facts),
  };
}

/** Why a compute is as it is, and what comes next. */
export type Reasons = Omit<LiveFacts, 'sessions' | 'connections' | 'firstIn' | 'cache'>;

/**
 * For a look at many. The gateway is asked only about those of which it may have something to say: most sleep, and nobody
 * is connected.
 */
export async function reasons(core: Core, compute: Compute, hasSessions: boolean): Promise<Reasons> {
  const facts = compute.state === 'active' || hasSessions ? await core.gate.facts(compute.id) : NO_CLIENTS;
  return reasonsOf(core, compute, facts);
}

type Known = Pick<GateFacts, 'lastActivityMs' | 'blockers' | 'hasUnknownSessions'>;
const NO_CLIENTS: Known = { lastActivityMs: null, blockers: [], hasUnknownSessions: false };

function reasonsOf(core: Core, compute: Compute, facts: Known): Reasons {
  return {
    waitingBecause: core.room.whyWaiting(compute.id),
    ...sleepFacts(core, compute, facts),
    ...activeFacts(core, compute, facts),
  };
}

function activeFacts(
  core: Core,
  compute: Compute,
  facts: Known,
): Pick<LiveFacts, 'awakeBecause' | 'boundBecause' | 'suspendsAtMs'> {
  if (compute.state !== 'active') return { awakeBecause: [], boundBecause: null, suspendsAtMs: null };
  if (core.cells.of(compute.id).endpoint === null) {
    // Only in the moments after the agent's start, and while nothing can be put on record.
    const reason = 'on record only: whether its server still runs could not be settled yet; see: doze doctor';
    return { awakeBecause: [reason], boundBecause: null, suspendsAtMs: null };
  }
  const blockers = blockersAt(facts.blockers, firstDepth(core, compute, facts)).map((blocker) =>
    describeBlocker(core, blocker),
  );
  const remaining = remainingMs(core, compute, facts);
  const idle = remaining === null ? ['it is set never to suspend'] : idleSentence(remaining);
  return {
    awakeBecause: [...blockers, ...idle],
    boundBecause: boundSentence(core, compute),
    suspendsAtMs: remaining === null || blockers.length > 0 ? null : core.clock.wallMs() + remaining,
  };
}

function cacheOf(core: Core, { id, state }: Compute): CacheView | null {
  const { cache, warmBytes } = core.cells.of(id);
  if (state !== 'active' || cache === null) return null;
  const isWarming = cache.state === 'cold' || cache.state === 'warming';
  return { bytes: cache.dataBytes, capacityBytes: cache.poolBytes, isWarming, warmBytes: isWarming ? warmBytes : null };
}

function boundSentence(core: Core, compute: Compute): string | null {
  const { unmetCu } = core.cells.of(compute.id);
  return unmetCu === null ? null : `asks for ${unmetCu} CU: ${core.room.whyBound(compute, unmetCu)}`;
}

function sleepFacts(core: Core, compute: Compute, facts: Known): Pick<LiveFacts, 'nextStep' | 'heldBecause'> {
  const nextStep = nextStepOf(core, compute);
  const holders = nextStep === null ? [] : blockersAt(facts.blockers, nextStep.depth);
  return { nextStep, heldBecause: holders.map((blocker) => describeBlocker(core, blocker)) };
}

function nextStepOf(core: Core, compute: Compute): LiveFacts['nextStep'] {
  if (compute.state !== 'suspended' || compute.depth === null) return null;
  const ladder = fitLadder(ladderOf(compute), possibleDepths(driverOf(core, compute), compute));
  const next = nextStep(ladder, compute.depth);
  return next === null ? null : { depth: next.depth, atMs: compute.stateSinceMs + next.sleptMs };
}

function idleSentence(remaining: number): string[] {
  return remaining > 0 ? [`it was used a moment ago: idle time runs for another ${formatSeconds(remaining)}`] : [];
}
