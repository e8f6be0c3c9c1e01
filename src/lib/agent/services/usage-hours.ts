import { hourlyUsage, type HourUsage } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';

interface HoursQuery {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly project?: string;
}

/** A day of a thousand computes is in memory at once, and a reader holds nothing of the store while it waits. */
const PART_MS = 86_400_000;

/** The ledger by the hour, a day at a time: between two of them the agent does what else it has to do. */
export async function* usageHours(core: AgentCore, query: HoursQuery): AsyncGenerator<readonly HourUsage[]> {
  const { control } = await core.running;
  for (let sinceMs = query.sinceMs; sinceMs < query.untilMs;) {
    const untilMs = Math.min(query.untilMs, Math.floor(sinceMs / PART_MS) * PART_MS + PART_MS);
    yield [...hourlyUsage(core.store, { ...query, sinceMs, untilMs }, (segment) => control.openLengthMs(segment))];
    sinceMs = untilMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
