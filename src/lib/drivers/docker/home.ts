import type { ContainerInspectInfo } from 'dockerode';

import type { Clock } from '../../clock.ts';
import type { Engine } from '../../engines/index.ts';
import type { Logger } from '../../logger.ts';
import type { Endpoint } from '../driver.ts';
import type { DockerApi } from './docker-api.ts';
import { decideReach, readCgroupFacts, type CgroupFacts, type EngineFacts } from './engine-facts.ts';
import { createCpuLoans, type CpuLoans } from './cpu-loans.ts';
import { createHibernation, type Hibernation } from './hibernation/hibernation.ts';
import type { Report } from './supervisor.ts';

/** Numbers of the server's user inside an image. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** A container as it was left: nothing has to be asked before it is woken. */
export interface Left {
  readonly container: ContainerInspectInfo;
  readonly endpoint: Endpoint;
  readonly depth: 'frozen' | 'parked';
}

export interface AtRest {
  /** Monotonic. */
  readonly listedAtMs: number;
  /** By container. */
  readonly computeIds: Map<string, string>;
}

/** What all of the driver's verbs share: one home on one Docker engine. */
export interface DockerHome {
  readonly api: DockerApi;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly homeId: string;
  /** Whether images may be pulled. */
  readonly pull: boolean;
  facts(signal: AbortSignal): Promise<EngineFacts>;
  /** Null until they were asked for. */
  knownFacts(): EngineFacts | null;
  /** What is known of putting containers' memory into the host's swap. */
  readonly hibernation: Hibernation;
  readonly cpuLoans: CpuLoans;
  /** Containers by compute as last seen: a wake saves a request. What is wrong here is found out by asking. */
  readonly containerIds: Map<string, string>;
  /**
   * The last report of a container's supervisor, by container and start time. It stays true until the next order,
   * as a server that ends unasked ends its container.
   */
  readonly reports: Map<string, Report>;
  /** The containers that do not run, by the last list of all and Docker's events since; null where these are not heard. */
  atRest: AtRest | null;
  /** How often Docker's events told of a container. */
  changes: number;
  /** Monotonic time of our last launch of a compute's server, until it is known to serve. */
  readonly launchedAtMs: Map<string, number>;
  /** What our own last suspend left of a compute that is frozen or parked, until anything else is heard of it. */
  readonly left: Map<string, Left>;
  /** Whether Docker's events are heard: without them nothing that was left can be counted on. */
  isWatched: boolean;
  /** Our last freeze or thaw of a container that Docker may still contradict, by container. */
  readonly freezes: Map<string, { readonly status: 'paused' | 'running'; readonly atMs: number }>;
  /** Set while Docker freezes or thaws a container for us, by container, though nobody may wait for it. Never rejects. */
  readonly freezesUnderWay: Map<string, Promise<void>>;
  /** Set while the home's network is looked for or made. Never rejects. */
  readonly networksInHand: Map<string, Promise<void>>;
  /** The certificate that was last put beside a compute's data; unknown where it was before this agent. */
  readonly identities: Map<string, string>;
  /** The server's user by image, for instances that keep nothing. */
  readonly serverUsers: Map<string, ServerUser>;
  /**
   * Docker events that our own last verb on a compute brings about, and nobody needs to be told of. By compute, or by
   * container when only one of the compute's containers is meant.
   */
  readonly asked: Map<string, ReadonlySet<string>>;
}

export interface DockerHomeDeps {
  readonly api: DockerApi;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createDockerHome(
  deps: DockerHomeDeps,
  options: { homeId: string; pull: boolean; platform: NodeJS.Platform; slowestSwapBytesPerSecond?: number },
): DockerHome {
  let known: EngineFacts | null = null;
  const hibernation = createHibernation(options.slowestSwapBytesPerSecond);
  const learn = async (signal: AbortSignal): Promise<EngineFacts> => {
    known = await readFacts(deps.api, options.platform, signal);
    await hibernation.look(known.cgroups);
    return known;
  };
  const facts = async (signal: AbortSignal): Promise<EngineFacts> => known ?? (await learn(signal));
  const { clock, logger } = deps;
  const cgroups = async (signal: AbortSignal): Promise<CgroupFacts> => (await facts(signal)).cgroups;
  return {
    ...deps,
    homeId: options.homeId,
    pull: options.pull,
    containerIds: new Map(),
    reports: new Map(),
    atRest: null,
    changes: 0,
    launchedAtMs: new Map(),
    left: new Map(),
    isWatched: false,
    freezes: new Map(),
    freezesUnderWay: new Map(),
    networksInHand: new Map(),
    identities: new Map(),
    serverUsers: new Map(),
    asked: new Map(),
    hibernation,
    cpuLoans: createCpuLoans({ clock, logger, cgroups }),
    knownFacts: () => known,
    facts,
  };
}

async function readFacts(api: DockerApi, platform: NodeJS.Platform, signal: AbortSignal): Promise<EngineFacts> {
  const [target, info] = await Promise.all([
    api.target(),
    api.run('ask Docker what it is', signal, async (docker) => (await docker.info()) as Record<string, unknown>),
  ]);
  const text = (field: string): string => (typeof info[field] === 'string' ? info[field] : '');
  const securityOptions = Array.isArray(info['SecurityOptions']) ? info['SecurityOptions'].map(String) : [];
  const answers = { target, platform, operatingSystem: text('OperatingSystem'), securityOptions };
  return {
    target,
    version: text('ServerVersion'),
    osType: text('OSType'),
    cpus: Number(info['NCPU'] ?? 1),
    reach: decideReach(answers),
    cgroups: readCgroupFacts({
      ...answers,
      cgroupVersion: text('CgroupVersion'),
      swapLimit: info['SwapLimit'] === true,
    }),
  };
}
