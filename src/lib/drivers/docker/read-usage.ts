import type { ContainerStats } from 'dockerode';

import type { InstanceUsage } from '../driver.ts';
import type { DockerHome } from './home.ts';

export async function readUsage(home: DockerHome, containerId: string, signal: AbortSignal): Promise<InstanceUsage> {
  const stats = await readStats(home, containerId, signal);
  return { cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9, memoryBytes: anonymousBytes(stats) };
}

/** At once: the types do not know `one-shot`, without which Docker measures for a second. */
export async function readStats(home: DockerHome, containerId: string, signal: AbortSignal): Promise<ContainerStats> {
  const options = { stream: false, 'one-shot': true } as { stream: false };
  return home.api.run("read a container's use", signal, (docker) => docker.getContainer(containerId).stats(options));
}

/** What has no file behind it. `rss` is cgroup v1's name for what v2 calls `anon`. */
export function anonymousBytes({ memory_stats: memory }: Pick<ContainerStats, 'memory_stats'>): number {
  const numbers: Readonly<Record<string, number>> = { ...memory.stats };
  const { anon, rss = 0, shmem = 0 } = numbers;
  return (anon ?? rss) + shmem;
}
