import { HOST_LADDERS, roundUpSize } from '../../src/lib/domain/index.ts';
import { demandOf, mostCores, type Demand } from './demand.ts';
import { liveThrough, type Day, type Policy } from './live-through.ts';
import { officeDay } from './office-day.ts';

const SEED = 2026;
const LEAST_CU = 0.25;

export interface Comparison {
  readonly demand: readonly (Demand | null)[];
  readonly alwaysOn: Day;
  readonly suspendOnly: Day;
  readonly autoscaling: Day;
}

/** The same day three times: at the size that never misses, never and always asleep without use, then at what it asks for. */
export async function compareDays(demand = demandOf(officeDay(SEED))): Promise<Comparison> {
  const enough = roundUpSize(mostCores(demand));
  const fixed = { min: enough, max: enough };
  const live = (policy: Policy): Promise<Day> => liveThrough(policy, demand);
  return {
    demand,
    alwaysOn: await live({ name: 'always on', size: fixed, ladder: [] }),
    suspendOnly: await live({ name: 'suspend only', size: fixed, ladder: HOST_LADDERS.server }),
    autoscaling: await live({
      name: 'suspend with autoscaling',
      size: { min: LEAST_CU, max: enough },
      ladder: HOST_LADDERS.server,
    }),
  };
}
