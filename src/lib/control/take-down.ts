import { blockersAt, formatDuration, isDeeper, keepsProcess, type Blocker, type Compute } from '../domain/index.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import { readAccounts } from './account-cache.ts';
import type { Core } from './core.ts';
import { goDeeper } from './go-deeper.ts';
import { lookAtSessions } from './look-at-sessions.ts';
import type { GateFacts } from './ports.ts';
import { suspendInstance, type SuspendRequest } from './suspend-instance.ts';

export interface TakeDownRequest extends Omit<SuspendRequest, 'turnBack'> {
  /** Ends sessions that are busy or pinned instead of refusing. */
  readonly isForced: boolean;
  /**
   * The last client activity that was known when it was decided: one since calls it off. Left out, it is wanted whoever
   * comes meanwhile.
   */
  readonly seenActivityMs?: number | null;
}

/**
 * Suspends an active compute, or takes a suspended one deeper; the driver must have the depth. Runs inside the compute's
 * queue. Clients that come meanwhile are held by the gate and asked for again after the release.
 * @returns null when it is not idle any more and nothing was done.
 * @throws COMPUTE_BUSY
 */
export async function takeDown(core: Core, compute: Compute, request: TakeDownRequest): Promise<Compute | null> {
  const { depth } = request;
  if (compute.state === 'suspended' && compute.depth !== null && !isDeeper(depth, compute.depth)) return compute;

  refuseIfBusy(core, compute, request, await core.gate.facts(compute.id));
  if (compute.state === 'suspended') return goDeeper(core, compute, request);
  // To hibernate takes a while for which nobody has to be held: one that is frozen is thawed in a moment.
  const asleep = await fallAsleep(core, compute, { ...request, depth: depth === 'hibernated' ? 'frozen' : depth });
  return asleep === null || asleep.depth === depth ? asleep : goDeeper(core, asleep, request);
}

/** Who came before the hold forbids it; who came since waits for its end, and calls off what nobody insists on. */
async function fallAsleep(core: Core, compute: Compute, request: TakeDownRequest): Promise<Compute | null> {
  const { seenActivityMs } = request;
  const wanted = seenActivityMs === undefined ? {} : { seenActivityMs };
  const isStillWanted = ({ lastActivityMs }: GateFacts): boolean =>
    seenActivityMs === undefined || lastActivityMs === seenActivityMs;
  try {
    const held = await core.gate.hold(compute.id);
    if (!isStillWanted(held)) return null;
    refuseIfBusy(core, compute, request, held);
    await snapshotAccounts(core, compute, request);
    if (!keepsProcess(request.depth) && held.hasUnknownSessions) await lookAtSessions(core, compute, wanted);
    const now = await core.gate.facts(compute.id);
    if (!isStillWanted(now)) return null;
    refuseIfPinned(core, compute, request, now);
    return await suspendInstance(core, compute, request);
  } finally {
    core.gate.release(compute.id);
  }
}

function refuseIfBusy(
  core: Core,
  compute: Compute,
  { depth, isForced }: TakeDownRequest,
  { blockers }: GateFacts,
): void {
  const [first] = isForced ? [] : blockersAt(blockers, depth);
  if (first !== undefined) throw inUse(core, compute, first);
}

/** What only a look at the sessions has shown. Who came since is held, and refuses nothing. */
function refuseIfPinned(
  core: Core,
  compute: Compute,
  { depth, isForced }: TakeDownRequest,
  { blockers }: GateFacts,
): void {
  const first = isForced ? undefined : blockersAt(blockers, depth).find(({ kind }) => kind === 'pinned');
  if (first !== undefined) throw inUse(core, compute, first);
}

function inUse(core: Core, { name }: Compute, blocker: Blocker): DozeError {
  return new DozeError('COMPUTE_BUSY', `compute "${name}" is in use: ${describeBlocker(core, blocker)}`, {
    hint: `wait for it, or: doze compute suspend ${name} --force`,
  });
}

/** A person's words for a blocker: "an open transaction from 10.0.0.7 for 4 min (session 1073741824)". */
export function describeBlocker(core: Core, blocker: Blocker): string {
  const sinceMs = Math.max(0, core.clock.monotonicMs() - blocker.sinceMs);
  const what = {
    commandInFlight: 'a command is running',
    openTransaction: 'an open transaction',
    login: 'a login',
    pinned: `a session that ${blocker.why ?? 'has state of its own'}`,
  };
  const session = blocker.session === undefined ? '' : ` (session ${blocker.session})`;
  return `${what[blocker.kind]} from ${blocker.client} for ${formatSeconds(sinceMs)}${session}`;
}

/** No part of a second is of interest where people look. */
export function formatSeconds(ms: number): string {
  return ms < 1000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(Math.ceil(ms / 1000) * 1000);
}

async function snapshotAccounts(core: Core, compute: Compute, request: TakeDownRequest): Promise<void> {
  try {
    await readAccounts(core, compute);
  } catch (error) {
    // A stale snapshot would turn away users made since; somebody who insists is obeyed all the same.
    const cause = toDozeError(error);
    core.logger.warn({ compute: compute.name, error: cause.message }, 'accounts could not be read before the suspend');
    if (request.isForced) return;
    throw new DozeError(
      'STATE_CONFLICT',
      `compute "${compute.name}" was not suspended: its accounts could not be read (${cause.message})`,
      {
        hint: `doze compute suspend ${compute.name} --force`,
        cause,
      },
    );
  }
}
