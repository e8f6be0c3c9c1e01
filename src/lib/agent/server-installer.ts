import type { ReportProgress, Setup } from '../api/index.ts';
import { installHint, installServer, planInstall, readPlatformFacts } from '../drivers/index.ts';
import { DozeError } from '../errors/index.ts';

/** The system's package manager, for machines that have no database server. */
export interface ServerInstaller {
  /** What would be done; null when there is no package manager that can be used. */
  plan(): Promise<Setup['install']>;
  /** @throws INSTALL_FAILED */
  install(signal: AbortSignal, onProgress: ReportProgress): Promise<void>;
}

export function createServerInstaller(searchPath: string): ServerInstaller {
  const readPlan = async () => planInstall(await readPlatformFacts(searchPath));
  return {
    async plan() {
      const plan = await readPlan();
      if (plan === null) return null;
      // Every package manager has the names at the end, and ours is one.
      const packages = plan.steps.flatMap(({ command }) => command.slice(-1)).slice(-1);
      return { packages, command: installHint(plan) };
    },
    async install(signal, onProgress) {
      const plan = await readPlan();
      if (plan !== null) return installServer(plan, { signal, onLine: onProgress });
      throw new DozeError('INSTALL_FAILED', 'there is no package manager here that doze can use', {
        hint: installHint(plan),
      });
    },
  };
}
