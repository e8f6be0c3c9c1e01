import { abortReason, createDeadline } from '../clock.ts';
import type { Compute, StartCause } from '../domain/index.ts';
import type { Endpoint, InstanceExit } from '../drivers/index.ts';
import type { Listening, Ready } from '../engines/index.ts';
import { DozeError } from '../errors/index.ts';
import { bringData, giveUpClone, lacksData } from './clone-data.ts';
import { agentTarget, credentialsOf, driverOf, rootTarget, type Core } from './core.ts';
import { recordFailure } from './failure.ts';
import { instanceSpec } from './instance-spec.ts';
import { beginMetering } from './meter.ts';
import { settleIn } from './settle-in.ts';
import { createStartLog } from './start-log.ts';
import { watchForEnd } from './watch-for-end.ts';

export interface BringUpRequest {
  readonly cause: StartCause;
  /** Monotonic time at which somebody asked: the wait in the queue belongs to the wake. */
  readonly askedAtMs: number;
  /** What went on before, in order; left out, it was the queue alone. */
  readonly phasesMs?: Readonly<Record<string, number>>;
  readonly onProgress: (message: string) => void;
}

/**
 * The second half of every start, wake and resume: the compute is `creating` or `resuming` on record, and
 * ends up `active` or `failed`. Runs inside the compute's queue.
 */
export async function bringUp(core: Core, compute: Compute, request: BringUpRequest): Promise<Compute> {
  const cell = core.cells.of(compute.id);
  const starting = new AbortController();
  cell.starting = starting;
  try {
    const up = await startServer(core, compute, request, starting.signal);
    cell.endpoint = up.endpoint;
    cell.activeSinceMs = core.clock.monotonicMs();
    cell.lastExit = null;
    cell.unmetCu = null;
    cell.cache = null;
    const active = core.journal.record(compute.id, {
      type: 'started',
      cause: request.cause,
      serverVersion: up.serverVersion,
      segmentStartedAtMs: core.clock.wallMs(),
      totalMs: round(core.clock.monotonicMs() - request.askedAtMs),
      phasesMs: up.phasesMs,
      ...(up.serverPhasesMs === null ? {} : { serverPhasesMs: up.serverPhasesMs }),
    });
    beginMetering(core, compute.id);
    core.gate.release(compute.id);
    void settleIn(core, active);
    return active;
  } catch (error) {
    cell.endpoint = null;
    const failure = await recordFailure(core, compute, error);
    core.gate.release(compute.id);
    const failed = core.journal.require(compute.id);
    if (lacksData(failed)) await giveUpClone(core, failed);
    throw failure;
  } finally {
    cell.starting = null;
  }
}

interface Up {
  readonly endpoint: Endpoint;
  readonly serverVersion: string;
  readonly phasesMs: Readonly<Record<string, number>>;
  readonly serverPhasesMs: Readonly<Record<string, number>> | null;
}

async function startServer(core: Core, compute: Compute, request: BringUpRequest, calledOff: AbortSignal): Promise<Up> {
  const { clock, settings } = core;
  const askedAtMs = clock.monotonicMs();
  const copiedMs = lacksData(compute) ? await copyFirst(core, compute, request, calledOff) : null;
  if (calledOff.aborted) throw abortReason(calledOff);
  const driver = driverOf(core, compute);
  const spec = instanceSpec(core, compute);
  const beganMs = clock.monotonicMs();

  using verb = createDeadline(
    settings.verbTimeoutMs,
    () => tooSlow(compute, 'starting its instance', settings.verbTimeoutMs),
    calledOff,
  );
  using ending = watchForEnd(core, compute.id, (exit) => endedBeforeReady(compute, exit));
  using log = createStartLog(core.engines[compute.engine], clock);
  const context = { signal: verb.signal, onProgress: request.onProgress, listener: log.listener };
  // Also after a creation that failed: no server ever ran, so there is no data that could be missing.
  if (compute.serverVersion === null) await driver.create(spec, context);
  const createdMs = clock.monotonicMs();
  const endpoint = await driver.start(spec, context);
  const startedMs = clock.monotonicMs();

  request.onProgress('waiting for the server to answer');
  using ready = createDeadline(
    settings.readyTimeoutMs,
    () => tooSlow(compute, 'waiting for its server to answer', settings.readyTimeoutMs),
    AbortSignal.any([ending.signal, calledOff]),
  );
  const { serverVersion, phasesMs } = await meetServer(core, compute, endpoint, log.listening, ready.signal);
  const answeredMs = clock.monotonicMs();
  driver.noteReady(compute.id);
  const all = {
    ...(request.phasesMs ?? { queue: askedAtMs - request.askedAtMs }),
    ...(copiedMs === null ? {} : { copy: copiedMs }),
    ...(request.cause === 'create' ? { [compute.fromPool === true ? 'claim' : 'create']: createdMs - beganMs } : {}),
    driver: startedMs - createdMs,
    ...phasesMs,
  };
  const serverPhasesMs = log.phasesMs(answeredMs);
  return {
    endpoint,
    serverVersion,
    phasesMs: rounded(all),
    serverPhasesMs: serverPhasesMs === null ? null : rounded(serverPhasesMs),
  };
}

async function copyFirst(
  core: Core,
  compute: Compute,
  { onProgress }: BringUpRequest,
  calledOff: AbortSignal,
): Promise<number> {
  const beganMs = core.clock.monotonicMs();
  await bringData(core, compute, onProgress, calledOff);
  return core.clock.monotonicMs() - beganMs;
}

/** A server on a volume knows its compute from its first start, if it was made for it; a stateless one is new each time. */
function meetServer(
  core: Core,
  compute: Compute,
  endpoint: Endpoint,
  listening: Listening,
  signal: AbortSignal,
): Promise<Ready> {
  const engine = core.engines[compute.engine];
  return compute.storage === undefined && !isUnknownToServer(compute)
    ? engine.awaitReady(agentTarget(core, compute, endpoint), signal, listening)
    : engine.introduce(rootTarget(core, compute, endpoint), credentialsOf(core, compute), signal, listening);
}

function isUnknownToServer({ fromPool, serverVersion }: Compute): boolean {
  return fromPool === true && serverVersion === null;
}

function endedBeforeReady(compute: Compute, exit: InstanceExit | null): DozeError {
  if (exit?.isDiskFull === true) {
    return new DozeError('DISK_FULL', `the disk is too full for the server of compute "${compute.name}" to start`, {
      hint: `free some space, then: doze compute resume ${compute.name}`,
      details: { exit },
    });
  }
  const how =
    exit?.isOutOfMemory === true
      ? 'it needed more memory than its size allows'
      : `exit code ${exit?.code ?? 'unknown'}`;
  return new DozeError(
    'SERVER_START_FAILED',
    `the server of compute "${compute.name}" ended before it answered (${how})`,
    {
      hint: `doze compute logs ${compute.name}`,
      details: { exit },
    },
  );
}

function tooSlow(compute: Compute, what: string, limitMs: number): DozeError {
  return new DozeError('TIMED_OUT', `compute "${compute.name}": ${what} took more than ${limitMs / 1000} s`, {
    hint: `doze compute logs ${compute.name}`,
  });
}

function rounded(phasesMs: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(phasesMs).map(([phase, ms]) => [phase, round(ms)]));
}

/** Milliseconds with one decimal: enough to see where a wake's time goes. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
