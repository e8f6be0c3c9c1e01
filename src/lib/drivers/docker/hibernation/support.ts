import type { CgroupFacts } from '../engine-facts.ts';

/**
 * How a frozen container's memory gets into swap. `reclaim`: cgroup v2, the kernel is asked for so many bytes.
 * `forceEmpty`: cgroup v1, the kernel is asked for all it can. `lowerLimit`: cgroup v1 through Docker's API alone.
 */
export type HibernationWay = 'reclaim' | 'forceEmpty' | 'lowerLimit';

export interface HibernationSupport {
  /** Null when there is none. */
  readonly way: HibernationWay | null;
  /** For people: the way, or what is missing. */
  readonly summary: string;
  /** What to change; null when there is a way. */
  readonly hint: string | null;
}

/** What the machine's kernel has, as seen by the agent. */
export interface HostFacts {
  readonly swapTotalBytes: number;
  /** `vm.swappiness`: with 0 the kernel does not swap out for the sake of one cgroup. Null if unknown. */
  readonly swappiness: number | null;
  /** Of `memory.reclaim` (v2) or `memory.force_empty` (v1). */
  readonly reclaimFile: 'writable' | 'readOnly' | 'absent';
}

const MAKE_SWAP =
  'sudo fallocate -l 4G /swapfile && sudo chmod 600 /swapfile && sudo mkswap /swapfile && sudo swapon /swapfile';

/**
 * Pure. With cgroup v2 Docker's API alone is no way: it can lower `memory.max` only, and the kernel kills what does not
 * fit, where v1 refuses the limit.
 * @param host null when Docker runs on another kernel than the agent
 */
export function decideSupport(cgroups: CgroupFacts, host: HostFacts | null): HibernationSupport {
  if (host === null) return decideElsewhere(cgroups);
  if (host.swapTotalBytes === 0) return missing('this machine has no swap', MAKE_SWAP);
  if (host.swappiness === 0) return missing('vm.swappiness is 0 on this machine', 'sudo sysctl vm.swappiness=10');
  return cgroups.version === 2 ? decideOnV2(host) : decideOnV1(cgroups, host);
}

function decideOnV2({ reclaimFile }: HostFacts): HibernationSupport {
  if (reclaimFile === 'writable') return { way: 'reclaim', summary: 'by memory.reclaim of cgroup v2', hint: null };
  return reclaimFile === 'readOnly'
    ? missing(
        'the agent may not write to the control groups of containers',
        'run the agent as root, or make those files writable for it',
      )
    : missing('this kernel has no memory.reclaim', 'use Linux 5.19 or later; see: uname -r');
}

function decideOnV1(cgroups: CgroupFacts, { reclaimFile }: HostFacts): HibernationSupport {
  if (reclaimFile !== 'writable') return decideByDocker(cgroups);
  return { way: 'forceEmpty', summary: 'by memory.force_empty of cgroup v1', hint: null };
}

function decideElsewhere(cgroups: CgroupFacts): HibernationSupport {
  if (cgroups.version === 1) return decideByDocker(cgroups);
  return missing(
    'Docker runs on another machine or in a VM, with cgroup v2, and its API cannot ask for a reclaim there',
    'run the agent where Docker runs',
  );
}

function decideByDocker({ countsSwap }: CgroupFacts): HibernationSupport {
  return countsSwap
    ? { way: 'lowerLimit', summary: "by a memory limit lowered through Docker's API", hint: null }
    : missing("Docker's kernel does not count swap", 'boot it with swapaccount=1; see: docker info');
}

function missing(summary: string, hint: string): HibernationSupport {
  return { way: null, summary, hint };
}
