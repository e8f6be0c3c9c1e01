import { hourlyUsage, type HourUsage } from '../../metering/index.ts';
import type { AgentCore } from '../running.ts';

interface HoursQuery {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly project?: string;
}

/** Of a thousand computes that is a fifth of a second, and a reader holds nothing of the store while it waits. */
const PART_MS = 6 * 3_600_000;

/** The ledger by the hour, six hours at a time: between two parts the agent does what else it has to do. */
export async function* usageHours(core: AgentCore, query: HoursQuery): AsyncGenerator<readonly HourUsage[]> {
  const { control } = await core.running;
  for (let sinceMs = query.sinceMs; sinceMs < query.untilMs;) {
    const untilMs = Math.min(query.untilMs, Math.floor(sinceMs / PART_MS) * PART_MS + PART_MS);
    yield [...hourlyUsage(core.store, { ...query, sinceMs, untilMs }, (segment) => control.openLengthMs(segment))];
    sinceMs = untilMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
