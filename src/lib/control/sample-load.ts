import { createDeadline } from '../clock.ts';
import type { Compute } from '../domain/index.ts';
import type { InstanceUsage } from '../drivers/index.ts';
import type { ServerLoad } from '../engines/index.ts';
import { DozeError } from '../errors/index.ts';
import { agentTarget, driverOf, type Core } from './core.ts';
import type { LoadSample } from './plan-size.ts';

const READ_TIMEOUT_MS = 5_000;

/** What driver and server said at one instant. */
export interface LoadReading {
  readonly atMs: number;
  /** Null where the driver cannot tell. */
  readonly usage: InstanceUsage | null;
  readonly server: ServerLoad;
}

/** Null where there is no server to ask. @throws what driver and server answer */
export async function readLoad(core: Core, compute: Compute): Promise<LoadReading | null> {
  const { endpoint } = core.cells.of(compute.id);
  if (endpoint === null) return null;
  using deadline = createDeadline(
    READ_TIMEOUT_MS,
    () => new DozeError('TIMED_OUT', `compute "${compute.name}" did not say what its load is`),
  );
  const target = agentTarget(core, compute, endpoint);
  const [usage, server] = await Promise.all([
    driverOf(core, compute).usage(compute.id, deadline.signal),
    core.engines[compute.engine].readLoad(target, deadline.signal),
  ]);
  return { atMs: core.clock.monotonicMs(), usage, server };
}

/** Pure. What was used between two readings; null when that is not known, or the counters began anew in between. */
export function sampleOf(before: LoadReading, after: LoadReading): LoadSample | null {
  if (before.usage === null || after.usage === null) return null;
  const sample = {
    seconds: (after.atMs - before.atMs) / 1000,
    cpuSeconds: after.usage.cpuSeconds - before.usage.cpuSeconds,
    memoryBytes: after.usage.memoryBytes,
    poolBytes: after.server.poolBytes,
    dataBytes: after.server.dataBytes,
    requests: after.server.requests - before.server.requests,
    misses: after.server.misses - before.server.misses,
    isWarming: before.server.isWarming || after.server.isWarming,
  };
  const { seconds, cpuSeconds, requests, misses } = sample;
  return seconds > 0 && cpuSeconds >= 0 && requests >= 0 && misses >= 0 ? sample : null;
}
