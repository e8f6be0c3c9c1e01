import { isoTime, topRow, type AgentServices } from '../../api/index.ts';
import type { ControlPlane } from '../../control/index.ts';
import { usageReport } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';
import { createMemoryReadings, type MemoryReadings } from './memory-readings.ts';

const DAY_MS = 86_400_000;

/** One look at all computes. It wakes none, and of those that sleep without clients nobody is asked but the record. */
export function createTopService(core: AgentCore): AgentServices['top'] {
  const { store, clock } = core;
  let memory: MemoryReadings | null = null;

  return async (project) => {
    const { control, gateway, drivers } = await core.running;
    memory ??= createMemoryReadings(clock, ({ driver }) => drivers.get(driver));
    const computes = store.listComputes(project === null ? {} : { project });
    const [traffic, memoryBytes] = await Promise.all([gateway.trafficCounts(), memory(computes)]);
    const nowMs = clock.wallMs();
    const awakeMs = awakeToday(core, control, { project, nowMs });
    const rows = computes.map(async (compute) => {
      const { sessions = 0, commands: queries = 0 } = traffic.get(compute.id) ?? {};
      return topRow(compute, {
        ...(await control.reasons(compute, sessions > 0)),
        sessions,
        queries,
        memoryBytes: memoryBytes.get(compute.id) ?? null,
        awakeTodayMs: awakeMs.get(compute.id) ?? 0,
      });
    });
    return {
      at: isoTime(nowMs),
      hosts: control.hosts().map((host) => ({ ...host })),
      computes: await Promise.all(rows),
    };
  };
}

/** By the ledger, whose day is one of UTC. */
function awakeToday(
  { store }: AgentCore,
  control: ControlPlane,
  { project, nowMs }: { readonly project: string | null; readonly nowMs: number },
): ReadonlyMap<string, number> {
  const query = {
    sinceMs: nowMs - (nowMs % DAY_MS),
    untilMs: nowMs,
    ...(project === null ? {} : { project }),
  };
  const { computes } = usageReport(store, query, (segment) => control.openLengthMs(segment));
  return new Map(computes.map(({ computeId, activeSeconds }) => [computeId, Math.round(activeSeconds * 1000)]));
}
