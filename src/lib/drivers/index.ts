export type * from './driver.ts';
export { createDockerDriver, type DockerDriverDeps, type DockerDriverOptions } from './docker/docker-driver.ts';
export { createDockerImages, type DockerImages } from './docker/images.ts';
export type { LocalImage } from './docker/image-list.ts';
export {
  createProcessDriver,
  installHint,
  installServer,
  planInstall,
  readPlatformFacts,
  type InstallPlan,
  type PlatformFacts,
  type ProcessDriverDeps,
  type ProcessDriverOptions,
} from './process/index.ts';
