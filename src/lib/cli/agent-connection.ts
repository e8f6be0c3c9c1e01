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

/**
 * Megabytes that new objects may take before they are looked through, three times over. What an agent makes is mostly
 * short-lived, and with V8's own 16 a third of its memory is what it has thrown away.
 */
const NEW_SPACE_MEGABYTES = 4;

/** How an agent in the foreground is run. */
function agentCommand(root: string): readonly [string, ...string[]] {
  const flags = [`--max-semi-space-size=${NEW_SPACE_MEGABYTES}`];
  return [process.execPath, ...flags, `${root}/bin/run.js`, 'agent', 'run'];
}
