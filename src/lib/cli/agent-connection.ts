import { createApiClient, ensureAgent, type ApiClient } from '../api/client/index.ts';
import { createSystemClock } from '../clock.ts';
import { childEnvironment, type Environment } from '../config/index.ts';

export interface AgentConnectionOptions {
  readonly environment: Environment;
  readonly version: string;
  /** Of the installed package: where `bin/run.js` is. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/** The API of this machine's agent, which is started if nobody answers. */
export async function connectAgent(options: AgentConnectionOptions): Promise<ApiClient> {
  const { environment, version, root, signal } = options;
  const { paths } = environment;
  await ensureAgent({
    paths,
    command: agentCommand(root),
    environment: childEnvironment(paths),
    clock: createSystemClock(),
    signal,
  });
  return createApiClient({ socketPath: paths.socket, version });
}

/** How an agent in the foreground is run. */
function agentCommand(root: string): readonly [string, ...string[]] {
  return [process.execPath, `${root}/bin/run.js`, 'agent', 'run'];
}
