import type { ApiClient, CallOptions, Setup } from '../../api/client/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Progress } from '../progress.ts';

export interface FindServerOptions {
  readonly api: ApiClient;
  readonly call: CallOptions;
  readonly progress: Progress;
  /** `--yes`: install without asking. */
  readonly mayInstall: boolean;
  /** Asks somebody; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
}

/**
 * Makes sure that something can run a database here, by installing a server if need be and allowed.
 * @throws NO_DRIVER naming the command that would install one
 */
export async function findServer(options: FindServerOptions): Promise<Setup> {
  const { api, call, progress, mayInstall, ask } = options;
  const found = await progress.run('Look for a database server', () => api.setup.find(call), textOf);
  if (found.driver !== null) return found;
  if (found.install === null) throw new DozeError('NO_DRIVER', `no database can run here: ${found.summary}`);
  const { command } = found.install;
  const isAllowed = mayInstall || (ask !== null && (await ask(`Install a database server with \`${command}\`?`)));
  if (!isAllowed) {
    throw new DozeError('NO_DRIVER', `no database can run here: ${found.summary}`, {
      hint: `${command}, or doze demo --yes, which does it`,
    });
  }
  return progress.run(`Install one: ${command}`, (report) => api.setup.install(report, call), textOf);
}

function textOf({ driver, summary }: Setup): string {
  return driver === null ? `Found none: ${summary}` : `Found ${summary}`;
}
