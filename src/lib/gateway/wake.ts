import { createDeadline, untilAborted } from '../clock.ts';
import type { Endpoint } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';

/** For one client; more only if somebody suspends it again each time. */
const MAX_WAKES = 10;

/** Wakes for sessions whose commands wait, once for all of them. */
export function wakeForSessions(core: Core, gate: ComputeGate): void {
  if (gate.isWaking || gate.waiting.size === 0) return;
  gate.isWaking = true;
  void (async () => {
    using deadline = createWakeDeadline(core, gate);
    await reach(core, gate, deadline.signal);
  })()
    .catch((error: unknown) => {
      for (const session of [...gate.waiting]) session.end(error);
    })
    .finally(() => {
      gate.isWaking = false;
      // Commands that came between the opening and here found a wake under way, and maybe a hold after it.
      if (gate.state === 'asleep') wakeForSessions(core, gate);
    });
}

export function createWakeDeadline(
  core: Core,
  gate: ComputeGate,
  parent?: AbortSignal,
): ReturnType<typeof createDeadline> {
  const { wakeTimeoutMs } = core.options;
  return createDeadline(wakeTimeoutMs, () => tooLate(core, gate, `${wakeTimeoutMs / 1000} s`), parent);
}

/** On a full host it is no failure of the compute's, and may be otherwise in a moment. */
function tooLate(core: Core, { computeId, name }: ComputeGate, after: string): DozeError {
  const waits = core.host?.whyWaiting(computeId) ?? null;
  return waits === null
    ? new DozeError('WAKE_TIMED_OUT', `compute "${name}" did not wake within ${after}`, {
        hint: `doze compute show ${name}`,
      })
    : new DozeError('HOST_FULL', `compute "${name}" had no room to wake within ${after}: it ${waits}`);
}

/**
 * Where the compute answers: waits for the end of a hold, wakes if need be.
 * @throws the signal's reason, and what a wake throws
 */
export async function reach(core: Core, gate: ComputeGate, signal: AbortSignal): Promise<Endpoint> {
  const host = requireHost(core);
  for (let wakes = 0; wakes < MAX_WAKES; wakes++) {
    if (gate.state === 'held') await untilReleased(gate, signal);
    const active = host.activeEndpoint(gate.computeId);
    if (active !== null) {
      gate.seenAs = active.seenAs;
      openGate(gate);
      return active;
    }
    gate.wokenMs = null;
    // Asked again afterwards: it may have been held, or even suspended, since.
    await untilAborted(host.wake(gate.computeId, signal), signal);
    gate.wokenMs ??= core.clock.monotonicMs();
    gate.firstIn = null;
  }
  throw new DozeError('STATE_CONFLICT', `compute "${gate.name}" was suspended again as soon as it woke`, {
    hint: `doze compute show ${gate.name}`,
  });
}

/** Lets through what waits, in order of arrival. */
function openGate(gate: ComputeGate): void {
  gate.state = 'open';
  for (const session of [...gate.waiting]) session.flush();
  gate.pool?.pump();
}

export function holdGate(gate: ComputeGate): void {
  gate.state = 'held';
}

export function releaseGate(core: Core, gate: ComputeGate): void {
  if (gate.state !== 'held') return;
  if (requireHost(core).activeEndpoint(gate.computeId) === null) {
    gate.state = 'asleep';
    wakeForSessions(core, gate);
    gate.pool?.pump();
  } else {
    openGate(gate);
  }
  for (const wake of [...gate.onRelease]) wake();
}

function untilReleased(gate: ComputeGate, signal: AbortSignal): Promise<void> {
  const released = new Promise<void>((resolve) => {
    const wake = (): void => {
      gate.onRelease.delete(wake);
      resolve();
    };
    gate.onRelease.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
  return untilAborted(released, signal);
}
