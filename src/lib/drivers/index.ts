export type * from './driver.ts';
export { createDockerImages, type DockerImages } from './docker/images.ts';
export type { LocalImage } from './docker/image-list.ts';
