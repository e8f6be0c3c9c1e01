import { createDeadline, untilAborted, type Deadline } from '../clock.ts';
import type { Endpoint } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';
import type { ComputeGate } from './compute-gate.ts';
import { requireHost, type Core } from './core.ts';
import type { GatewayHost } from './ports.ts';

/** For one client; more only if somebody suspends it again each time. */
const MAX_WAKES = 20;

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

/** Says at its end what the wake waited for. */
export function createWakeDeadline(core: Core, gate: ComputeGate, parent?: AbortSignal): Deadline {
  const { wakeTimeoutMs } = core.options;
  const tooSlow = new DozeError(
    'WAKE_TIMED_OUT',
    `compute "${gate.name}" did not wake within ${wakeTimeoutMs / 1000} s`,
    {
      hint: `doze compute show ${gate.name}`,
    },
  );
  const deadline = createDeadline(wakeTimeoutMs, () => tooSlow, parent);
  const { signal } = deadline;
  const ended = new AbortController();
  const end = async (): Promise<void> => {
    const reason: unknown = signal.reason;
    ended.abort(reason === tooSlow ? await orNoRoom(core, gate, tooSlow) : reason);
  };
  if (signal.aborted) void end();
  else signal.addEventListener('abort', () => void end(), { once: true });
  return Object.assign(deadline, { signal: ended.signal });
}

/** On a full host it is no failure of the compute's, and may be otherwise in a moment. */
async function orNoRoom(core: Core, { computeId, name }: ComputeGate, tooSlow: DozeError): Promise<DozeError> {
  const waits = await Promise.resolve(core.host?.whyWaiting(computeId)).catch(() => null);
  if (waits === null || waits === undefined) return tooSlow;
  const { wakeTimeoutMs } = core.options;
  return new DozeError(
    'HOST_FULL',
    `compute "${name}" had no room to wake within ${wakeTimeoutMs / 1000} s: it ${waits}`,
  );
}

/**
 * Where the compute answers: waits for the end of a hold, wakes if need be.
 * @throws the signal's reason, and what a wake throws
 */
export async function reach(core: Core, gate: ComputeGate, signal: AbortSignal): Promise<Endpoint> {
  const host = requireHost(core);
  for (let wakes = 0; wakes < MAX_WAKES; wakes++) {
    const { active, holds } = await findActive(host, gate, signal);
    // One more moment has passed since it looked, which is enough to be held.
    if (gate.holds !== holds) continue;
    if (active !== null) {
      gate.seenAs = active.takesClientAddress ? { kind: 'client' } : { kind: 'gateway', address: active.seenAs };
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

interface Found {
  readonly active: Endpoint | null;
  /** How often the gate had been held by then; once more, and it may be otherwise. */
  readonly holds: number;
}

/** What was true before a hold is asked for again after it. */
async function findActive(host: GatewayHost, gate: ComputeGate, signal: AbortSignal): Promise<Found> {
  for (;;) {
    while (gate.state === 'held') await untilReleased(gate, signal);
    const { holds } = gate;
    const active = await untilAborted(Promise.resolve(host.activeEndpoint(gate.computeId)), signal);
    if (gate.holds === holds) return { active, holds };
  }
}

/** Lets through what waits, in order of arrival. */
function openGate(gate: ComputeGate): void {
  gate.state = 'open';
  for (const session of [...gate.waiting]) session.flush();
  gate.pool?.pump();
}

export function holdGate(gate: ComputeGate): void {
  gate.state = 'held';
  gate.holds += 1;
}

/** Whether there is still a server is asked by the first who wants to know. */
export function releaseGate(core: Core, gate: ComputeGate): void {
  if (gate.state !== 'held') return;
  gate.state = 'asleep';
  wakeForSessions(core, gate);
  gate.pool?.pump();
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
