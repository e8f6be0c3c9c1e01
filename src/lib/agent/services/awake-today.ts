import type { ControlPlane } from '../../control/index.ts';
import type { Compute } from '../../domain/index.ts';
import { usageReport } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';

const DAY_MS = 86_400_000;
/** From so many on one report of all is quicker than one of each. */
const MANY = 32;

/** How long each of all computes was active since midnight, by the ledger, whose day is one of UTC; in milliseconds. */
export type AwakeToday = (control: ControlPlane, computes: readonly Compute[], nowMs: number) => (id: string) => number;

interface Known {
  readonly seq: number;
  readonly dayMs: number;
  readonly awakeMs: number;
  /** Monotonic time of the report. */
  readonly atMs: number;
}

/**
 * The ledger is asked only about computes to which something has happened since the last look, as a report of a thousand takes
 * some 50 ms: until then, one that sleeps has slept on, and one that is active has been so all the while.
 */
export function createAwakeToday({ store, clock }: Pick<AgentCore, 'store' | 'clock'>): AwakeToday {
  const known = new Map<string, Known>();

  function learn(control: ControlPlane, changed: readonly Compute[], nowMs: number): void {
    const dayMs = dayOf(nowMs);
    const window = { sinceMs: dayMs, untilMs: nowMs };
    const queries =
      changed.length > MANY ? [window] : changed.map(({ project, name }) => ({ ...window, project, compute: name }));
    const awakeMs = new Map<string, number>();
    for (const query of queries)
      for (const { computeId, activeSeconds } of usageReport(store, query, (segment) => control.openLengthMs(segment))
        .computes)
        awakeMs.set(computeId, Math.round(activeSeconds * 1000));
    for (const { id, seq } of changed)
      known.set(id, { seq, dayMs, awakeMs: awakeMs.get(id) ?? 0, atMs: clock.monotonicMs() });
  }

  function forgetAllBut(computes: readonly Compute[]): void {
    const ids = new Set(computes.map(({ id }) => id));
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }

  return (control, computes, nowMs) => {
    const changed = computes.filter(({ id, seq }) => {
      const last = known.get(id);
      return last?.seq !== seq || last.dayMs !== dayOf(nowMs);
    });
    if (changed.length > 0) learn(control, changed, nowMs);
    if (known.size > computes.length) forgetAllBut(computes);
    const active = new Set(computes.filter(({ state }) => state === 'active').map(({ id }) => id));
    return (id) => {
      const last = known.get(id);
      if (last === undefined) return 0;
      return last.awakeMs + (active.has(id) ? Math.round(clock.monotonicMs() - last.atMs) : 0);
    };
  };
}

function dayOf(ms: number): number {
  return ms - (ms % DAY_MS);
}
