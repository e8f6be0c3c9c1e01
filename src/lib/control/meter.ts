import { keepsProcess, type Compute, type Depth } from '../domain/index.ts';
import type { InstanceExit } from '../drivers/index.ts';
import type { Core } from './core.ts';

/** What the record of a suspend says for the meter: a sleep with the process kept is metered, apart from activity. */
export function sleepStart({ clock }: Core, depth: Depth): { readonly segmentStartedAtMs?: number } {
  return keepsProcess(depth) ? { segmentStartedAtMs: clock.wallMs() } : {};
}

/** Once what is to be metered, activity or sleep, is on record. */
export function beginMetering(core: Core, computeId: string): void {
  const segment = core.store.openSegment(computeId);
  if (segment !== null) core.segments.begin(segment);
}

/** The length so far of what is metered, active or asleep; null where nothing is. */
export function meteredMs(core: Core, computeId: string): number | null {
  const segment = core.store.openSegment(computeId);
  return segment === null ? null : core.segments.lengthMs(segment);
}

/** The length of what was metered until the instance ended by itself. */
export function meteredMsAtEnd(core: Core, computeId: string, exit: InstanceExit | null): number {
  const segment = core.store.openSegment(computeId);
  return segment === null ? 0 : core.segments.lengthAtEnd(segment, { atMs: exit?.atMs ?? null });
}

/** Takes up the meter of a compute that slept through a restart of the agent. */
export function adoptSleep(core: Core, computeId: string): void {
  const segment = core.store.openSegment(computeId);
  if (segment !== null && !core.segments.isMeasured(segment)) core.segments.adopt(segment);
}

/** Whose meter runs: those that are active, and those that sleep with their process kept. */
export function isMetered({ state, depth }: Compute): boolean {
  return state === 'active' || (state === 'suspended' && depth !== null && keepsProcess(depth));
}
