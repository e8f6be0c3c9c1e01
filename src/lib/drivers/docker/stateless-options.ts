import type { ContainerCreateOptions } from 'dockerode';

import { memoryBytes } from '../../domain/index.ts';
import type { InstanceSpec, StatelessSpec } from '../driver.ts';
import { commonOptions, DATA_PATH, SERVER_USER } from './container-options.ts';
import type { EngineFacts } from './engine-facts.ts';
import { statelessLabels } from './labels.ts';
import type { ServerUser } from './home.ts';

const TEMPORARY_PATH = '/tmp';
const SOCKET_PATH = '/run/mysqld';
/** Bounds, taken from the compute's own memory only as they are filled. */
const DATA_SHARE = 1 / 2;
const TEMPORARY_SHARE = 1 / 8;
const SOCKET_BYTES = 16 * 1024 ** 2;

export interface StatelessPlan {
  readonly homeId: string;
  readonly spec: InstanceSpec;
  readonly stateless: StatelessSpec;
  readonly image: string;
  readonly user: ServerUser;
  readonly facts: EngineFacts;
}

/**
 * A container that keeps nothing: the image's own start-up, told what it needs by its environment. Its name is the
 * same for every generation, so that Docker itself refuses a second one.
 */
export function statelessOptions(plan: StatelessPlan): ContainerCreateOptions & { name: string } {
  const { homeId, spec, stateless } = plan;
  const common = commonOptions(plan);
  return {
    ...common,
    Image: plan.image,
    User: SERVER_USER,
    Env: Object.entries(stateless.environment).map(([name, value]) => `${name}=${value}`),
    Labels: statelessLabels(homeId, spec, stateless.generation),
    HostConfig: { ...common.HostConfig, Tmpfs: scratch(plan) },
  };
}

function scratch({ spec: { cu }, user: { uid, gid } }: StatelessPlan): Record<string, string> {
  const memory = memoryBytes(cu);
  const options = (bytes: number): string => `mode=1777,uid=${uid},gid=${gid},size=${Math.floor(bytes)}`;
  return {
    [TEMPORARY_PATH]: options(memory * TEMPORARY_SHARE),
    [DATA_PATH]: options(memory * DATA_SHARE),
    [SOCKET_PATH]: options(SOCKET_BYTES),
  };
}
