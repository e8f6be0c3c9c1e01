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
  const isInVm = platform !== 'linux' || operatingSystem.includes('Docker Desktop');
  const isRootless = securityOptions.some((option) => option.includes('rootless'));
  return isInVm || isRootless ? { kind: 'published', host: '127.0.0.1', bindTo: '127.0.0.1' } : { kind: 'direct' };
}
