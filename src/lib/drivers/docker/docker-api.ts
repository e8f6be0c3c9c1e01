import type Dockerode from 'dockerode';

import { untilAborted } from '../../clock.ts';
import { createDockerClient, type DockerClient } from './client.ts';
import type { DockerTarget } from './connection.ts';
import { dockerError, statusOf } from './docker-errors.ts';

/** The way to the engine: every request goes through here, so that every failure is one of ours. */
export interface DockerApi {
  target(): Promise<DockerTarget>;
  /**
   * @param doing what the request is for, an infinitive for people: `start compute "shop"`
   * @throws DOCKER_UNAVAILABLE, DOCKER_FORBIDDEN, DOCKER_FAILED, DISK_FULL, or the signal's reason
   */
  run<Result>(doing: string, signal: AbortSignal, request: Request<Result>): Promise<Result>;
  /** As `run`, but an answer with one of these HTTP statuses is null and not a failure. */
  runUnless<Result>(
    statuses: readonly number[],
    doing: string,
    signal: AbortSignal,
    request: Request<Result>,
  ): Promise<Result | null>;
}

type Request<Result> = (docker: Dockerode) => Promise<Result>;

export function createDockerApi(environment: Readonly<Record<string, string | undefined>>): DockerApi {
  let client: DockerClient | null = null;

  const connect = async (): Promise<DockerClient> => (client ??= await createDockerClient(environment));

  const runUnless: DockerApi['runUnless'] = async (statuses, doing, signal, request) => {
    signal.throwIfAborted();
    const { docker, target } = await connect();
    try {
      return await untilAborted(request(docker), signal);
    } catch (error) {
      const status = statusOf(error);
      if (status !== null && statuses.includes(status)) return null;
      throw dockerError(error, doing, target, signal);
    }
  };

  return {
    target: async () => (await connect()).target,
    run: async (doing, signal, request) =>
      (await runUnless([], doing, signal, request)) as Awaited<ReturnType<typeof request>>,
    runUnless,
  };
}
