import type { ContainerInspectInfo } from 'dockerode';

type Limits = Pick<ContainerInspectInfo, 'HostConfig'>;

/** To which the limit is lowered step by step; no server could live with the first. Docker takes none below the last. */
export const LOWERED_LIMITS_BYTES: readonly number[] = [64, 32, 16, 8, 6].map((mib) => mib * 1024 ** 2);

/**
 * The memory limit that a container of ours has whenever it runs: the same as that of memory and swap together, which
 * nothing lowers. On a kernel that does not count swap there is no such limit, and nothing lowers the other either.
 */
export function liftedLimit({ HostConfig: { Memory: memory = 0, MemorySwap: together = 0 } }: Limits): number {
  return together > 0 ? together : memory;
}

/** Whether a hibernation is under way, or an agent died in it and left a limit that would kill the server. */
export function isLowered(container: Limits): boolean {
  const { Memory: memory = 0 } = container.HostConfig;
  return LOWERED_LIMITS_BYTES.includes(memory) && memory < liftedLimit(container);
}
