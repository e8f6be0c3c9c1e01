import type { AgentSettings } from '../config/index.ts';
import type { HostLimits } from '../control/index.ts';
import { roundDownSize } from '../domain/index.ts';

/**
 * A server that has just woken holds about 100 MB whatever its size, and fills the 4 GiB of a CU only with data that is asked
 * for. At two CU a GiB the smallest computes, of 0.25 CU, have 128 MiB each, so that all that may be awake can wake. CPU
 * is shared, as on any machine; when servers do fill their memory, the reserve takes the longest idle ones down.
 */
const CU_PER_GIB = 2;
/** So that even the smallest machine runs something. */
const LEAST_CU = 1;

/** @param hostCu as it is set: a number is meant for each host, `auto` for this one, whose memory is known */
export function hostLimits(hostCu: AgentSettings['hostCu'], memoryBytes: number): HostLimits {
  if (hostCu !== 'auto') return { here: hostCu, elsewhere: hostCu };
  const cu = roundDownSize((memoryBytes / 1024 ** 3) * CU_PER_GIB);
  return { here: Math.max(LEAST_CU, cu), elsewhere: null };
}
