import type { CgroupFacts } from '../engine-facts.ts';
import { SLOWEST_SWAP_BYTES_PER_SECOND, type SwapPace } from './pace.ts';
import { readHostFacts } from './read-host.ts';
import { decideSupport, type HibernationSupport } from './support.ts';

/** What the driver knows of hibernation on its engine. */
export interface Hibernation {
  /** As last looked at; null before the first look. */
  readonly support: HibernationSupport | null;
  /** Looks at the host again: swap may come and go. */
  look(cgroups: CgroupFacts): Promise<HibernationSupport>;
  /** Containers that this agent has hibernated, with all their limits back in place. */
  readonly asleep: Set<string>;
  readonly slowestSwapBytesPerSecond: number;
  /** How fast the swap last was. */
  pace: SwapPace | null;
}

export function createHibernation(slowestSwapBytesPerSecond = SLOWEST_SWAP_BYTES_PER_SECOND): Hibernation {
  let support: HibernationSupport | null = null;
  return {
    get support() {
      return support;
    },
    async look(cgroups) {
      const host = cgroups.isOurKernel ? await readHostFacts(cgroups) : null;
      support = decideSupport(cgroups, host);
      return support;
    },
    slowestSwapBytesPerSecond,
    asleep: new Set(),
    pace: null,
  };
}
