import { createDeadline } from '../clock.ts';
import { blockersAt, keepsProcess, type Compute, type Depth, type SuspendReason } from '../domain/index.ts';
import type { VerbContext } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import { driverOf, type Core } from './core.ts';
import { instanceSpec } from './instance-spec.ts';
import { lookAtSessions } from './look-at-sessions.ts';
import { recordFailure } from './failure.ts';
import { meteredMs, beginMetering, sleepStart } from './meter.ts';

export interface SuspendRequest {
  readonly depth: Depth;
  readonly reason: SuspendReason;
  readonly onProgress: (message: string) => void;
  /** Sessions that would not outlive the depth end, instead of forbidding it. */
  readonly isForced?: boolean;
  /** Of a compute that goes deeper: aborts when a client comes, and then it is left as it is. */
  readonly turnBack?: AbortSignal;
}

/**
 * The second half: from the record that it shall sleep to the record that it does. Also finishes a suspend
 * that a dead agent left half done.
 */
export async function suspendInstance(core: Core, compute: Compute, request: SuspendRequest): Promise<Compute> {
  const { clock, settings } = core;
  const { depth, reason } = request;
  const beganMs = clock.monotonicMs();
  if (compute.state !== 'suspending') recordIntent(core, compute, depth, reason);
  const cell = core.cells.of(compute.id);
  let asleep: Compute;
  let shortfall: string | null;
  try {
    using verb = createDeadline(settings.verbTimeoutMs, () => tooSlow(core, compute), request.turnBack);
    const context = { signal: verb.signal, onProgress: request.onProgress };
    const target = await depthForSessions(core, compute, request, context);
    if (!keepsProcess(target)) await core.gate.parkSessions(compute.id, endedBecause(compute, reason));
    await core.storage.noteSleep(compute);
    const reached = await driverOf(core, compute).suspend(compute.id, target, context);
    if (!keepsProcess(reached.depth)) cell.endpoint = null;
    const tookMs = Math.round(clock.monotonicMs() - beganMs);
    const { isClean } = reached;
    asleep = core.journal.record(compute.id, {
      type: 'suspended',
      depth: reached.depth,
      tookMs,
      isClean,
      ...sleepStart(core, reached.depth),
    });
    shortfall = reached.shortfall;
    beginMetering(core, compute.id);
  } catch (error) {
    if (request.turnBack?.aborted === true) return recordTurnBack(core, compute);
    cell.endpoint = null;
    core.gate.endSessions(compute.id, `compute "${compute.name}" failed to suspend`);
    throw await recordFailure(core, compute, error);
  }
  if (depth === 'hibernated') noteShortfall(core, asleep, shortfall);
  return shortfall === null ? asleep : parkInstead(core, asleep, request);
}

/** For clients whose sessions cannot do without the server. */
function endedBecause({ name, project }: Compute, reason: SuspendReason): string {
  return reason === 'quota'
    ? `compute "${name}" was suspended, as project "${project}" has used up what it may`
    : `compute "${name}" was suspended; connect again`;
}

/**
 * Where the server's process goes, its sessions have to be known. Those of one that is frozen can only be looked at while
 * it is thawed: frozen it keeps everything, what a look disturbs too. One that cannot do without it keeps it where it was.
 */
async function depthForSessions(
  core: Core,
  compute: Compute,
  { depth, turnBack, isForced = false }: SuspendRequest,
  context: VerbContext,
): Promise<Depth> {
  const { id, state, depth: before } = compute;
  if (state !== 'suspended' || before === null || !keepsProcess(before) || keepsProcess(depth)) return depth;
  if ((await core.gate.facts(id)).hasUnknownSessions) {
    await driverOf(core, compute).start(instanceSpec(core, compute), context);
    await lookAtSessions(core, compute, {}, turnBack);
    // A client came: what was not looked at is not to be parked, and would end.
    context.signal.throwIfAborted();
  }
  if (isForced) return depth;
  const { blockers } = await core.gate.facts(id);
  return blockersAt(blockers, depth).length === 0 ? depth : before;
}

/** Said once: the same reason will keep it from hibernating the next time too. */
function noteShortfall(core: Core, { id, name }: Compute, shortfall: string | null): void {
  const cell = core.cells.of(id);
  if (shortfall !== null && shortfall !== cell.shortfall)
    core.logger.warn({ compute: name, reason: shortfall }, 'could not be hibernated');
  cell.shortfall = shortfall;
}

/** What holds more memory than it was to hold goes deeper, unless a session would not outlive that. */
async function parkInstead(core: Core, compute: Compute, request: SuspendRequest): Promise<Compute> {
  const { blockers } = await core.gate.facts(compute.id);
  return blockersAt(blockers, 'parked').length > 0
    ? compute
    : await suspendInstance(core, compute, { ...request, depth: 'parked' });
}

/** As it was before, as far as is known: the start that follows makes the best of whatever the driver had done. */
function recordTurnBack(core: Core, compute: Compute): Compute {
  const depth = compute.depth ?? compute.suspendDepth;
  return core.journal.record(compute.id, { type: 'suspended', depth, tookMs: 0, isClean: true });
}

function tooSlow({ settings }: Core, { name }: Compute): DozeError {
  return new DozeError('TIMED_OUT', `compute "${name}" did not suspend within ${settings.verbTimeoutMs / 1000} s`);
}

function recordIntent(core: Core, compute: Compute, depth: Depth, reason: SuspendReason): void {
  const segmentLengthMs = meteredMs(core, compute.id);
  core.journal.record(compute.id, { type: 'suspendRequested', depth, reason, segmentLengthMs });
}
