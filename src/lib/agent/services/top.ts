import { isoTime, topRow, type AgentServices } from '../../api/index.ts';
import type { AgentCore } from '../running.ts';
import { createAwakeToday } from './awake-today.ts';
import { createMemoryReadings, type MemoryReadings } from './memory-readings.ts';

/** One look at all computes. It wakes none, and of those that sleep without clients nobody is asked but the record. */
export function createTopService(core: AgentCore): AgentServices['top'] {
  const { store, clock } = core;
  const awakeToday = createAwakeToday(core);
  let memory: MemoryReadings | null = null;

  return async (project) => {
    const { control, gateway, drivers } = await core.running;
    memory ??= createMemoryReadings(clock, ({ driver }) => drivers.get(driver));
    const [activity, memoryBytes] = await Promise.all([gateway.activityCounts(), memory(store.listComputes())]);
    const computes = store.listComputes();
    const nowMs = clock.wallMs();
    const awakeMs = awakeToday(control, computes, nowMs);
    const wanted = computes.filter((compute) => compute.project === (project ?? compute.project));
    const rows = wanted.map(async (compute) => {
      const { sessions = 0, commands: queries = 0 } = activity.get(compute.id) ?? {};
      return topRow(compute, {
        ...(await control.reasons(compute, sessions > 0)),
        sessions,
        queries,
        memoryBytes: memoryBytes.get(compute.id) ?? null,
        awakeTodayMs: awakeMs(compute.id),
      });
    });
    return {
      at: isoTime(nowMs),
      hosts: control.hosts().map((host) => ({ ...host })),
      computes: await Promise.all(rows),
    };
  };
}
