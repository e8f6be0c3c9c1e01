import type { CgroupFiles } from './hibernation/cgroup-files.ts';

/** The kernel gives out CPU time by the tenth of a second, as Docker asks it to. */
const PERIOD_US = 100_000;

/** The file of a container's cgroup that limits its CPU time, and how it says a number of CPUs. */
export interface CpuQuota {
  readonly file: string;
  write(cpus: number): string;
}

const QUOTAS: Readonly<Record<1 | 2, CpuQuota>> = {
  1: { file: 'cpu.cfs_quota_us', write: (cpus) => String(Math.round(cpus * PERIOD_US)) },
  2: { file: 'cpu.max', write: (cpus) => `${Math.round(cpus * PERIOD_US)} ${PERIOD_US}` },
};

export async function setCpus(cgroup: CgroupFiles, version: 1 | 2, cpus: number): Promise<void> {
  const { file, write } = QUOTAS[version];
  const wanted = write(cpus);
  if ((await cgroup.read(file)) !== wanted) await cgroup.write(file, wanted);
}
