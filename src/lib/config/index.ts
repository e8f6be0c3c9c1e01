export { childEnvironment, readEnvironment, type DockerEnvironment, type Environment } from './env.ts';
export { resolvePaths, type DozePaths, type Place } from './paths.ts';
