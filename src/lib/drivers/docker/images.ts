import { buildImage, type BuildRequest } from './image-build.ts';
import { listImages, type LocalImage } from './image-list.ts';
import { DozeError } from '../../errors/index.ts';
import type { VerbContext } from '../driver.ts';
import { createDockerApi } from './docker-api.ts';

/** Images of database servers on the Docker engine, for `doze image` and for the set-up of tests. */
export interface DockerImages {
  /** @throws DOCKER_UNAVAILABLE, DOCKER_FORBIDDEN */
  list(signal: AbortSignal): Promise<readonly LocalImage[]>;
  /** At once when there is one already. @throws as buildImage */
  build(request: BuildRequest, context: VerbContext): Promise<LocalImage>;
}

/** @param environment the process's environment: DOCKER_HOST, DOCKER_CONTEXT, HOME ... */
export function createDockerImages(environment: Readonly<Record<string, string | undefined>>): DockerImages {
  const api = createDockerApi(environment);
  return {
    list: (signal) => listImages(api, signal),
    build: async (request, context) => {
      const reference = await buildImage(api, request, context);
      const built = (await listImages(api, context.signal)).find((image) => image.reference === reference);
      if (built !== undefined) return built;
      throw new DozeError('IMAGE_NOT_FOUND', `image ${reference} was removed right after it was built`);
    },
  };
}
