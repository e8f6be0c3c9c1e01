import Docker from 'dockerode';

import type { BenchCompute } from './compute.ts';
import { findContainer } from './instance.ts';

/** All that the kernel counts as the container's: memory of its processes, their cached files, and the kernel's own. */
export async function readResidentBytes(compute: BenchCompute): Promise<number> {
  const { id } = await findContainer(compute);
  const stats = await new Docker().getContainer(id).stats({ stream: false });
  return stats.memory_stats.usage;
}
