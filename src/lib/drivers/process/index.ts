export { createProcessDriver, type ProcessDriverDeps, type ProcessDriverOptions } from './process-driver.ts';
export {
  installHint,
  installServer,
  planInstall,
  readPlatformFacts,
  type InstallPlan,
  type PlatformFacts,
} from './install.ts';
