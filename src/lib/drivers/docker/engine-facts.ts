import type { DockerTarget } from './connection.ts';

/** What is fixed about a Docker engine, looked up once. */
export interface EngineFacts {
  readonly target: DockerTarget;
  /** As `docker version` says it. */
  readonly version: string;
  readonly cpus: number;
  /** `linux` for all that doze can use. */
  readonly osType: string;
  readonly reach: Reach;
  readonly cgroups: CgroupFacts;
}

/** What Docker says of the kernel's control groups. */
export interface CgroupFacts {
  readonly version: 1 | 2;
  /** Whether memory and swap can be limited together; on v1 a boot option of the kernel. */
  readonly countsSwap: boolean;
  /** Of a container's processes as of ours: Docker runs on this very kernel, not in a VM or on another machine. */
  readonly isOurKernel: boolean;
  /** Containers are in the user's own part of the hierarchy. */
  readonly isRootless: boolean;
}

/**
 * How the agent gets to a server: `direct` to the container's own address, or by a port that Docker publishes on
 * `host`, bound to `bindTo` there.
 */
export type Reach =
  { readonly kind: 'direct' } | { readonly kind: 'published'; readonly host: string; readonly bindTo: string };

export interface ReachFacts {
  readonly target: DockerTarget;
  /** Of the machine the agent runs on: `linux`, `darwin`. */
  readonly platform: NodeJS.Platform;
  /** As `docker info` has it. */
  readonly operatingSystem: string;
  readonly securityOptions: readonly string[];
}

/** Containers are routable only from the kernel that runs them: not through a VM, nor from outside a rootless engine. */
export function decideReach({ target, platform, operatingSystem, securityOptions }: ReachFacts): Reach {
  if (target.kind === 'tcp' || target.kind === 'ssh')
    return { kind: 'published', host: target.host, bindTo: '0.0.0.0' };
  return isInVm({ platform, operatingSystem }) || isRootless({ securityOptions })
    ? { kind: 'published', host: '127.0.0.1', bindTo: '127.0.0.1' }
    : { kind: 'direct' };
}

export interface CgroupAnswers extends ReachFacts {
  /** As `docker info` has them; Docker before 20.10 does not say the version. */
  readonly cgroupVersion: string;
  readonly swapLimit: boolean;
}

export function readCgroupFacts(answers: CgroupAnswers): CgroupFacts {
  return {
    version: answers.cgroupVersion === '2' ? 2 : 1,
    countsSwap: answers.swapLimit,
    isOurKernel: answers.target.kind === 'unix' && !isInVm(answers),
    isRootless: isRootless(answers),
  };
}

function isInVm({ platform, operatingSystem }: Pick<ReachFacts, 'platform' | 'operatingSystem'>): boolean {
  return platform !== 'linux' || operatingSystem.includes('Docker Desktop');
}

function isRootless({ securityOptions }: Pick<ReachFacts, 'securityOptions'>): boolean {
  return securityOptions.some((option) => option.includes('rootless'));
}
