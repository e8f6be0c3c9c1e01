import { createSystemClock, type Clock } from '../clock.ts';
import { makeHome } from '../config/index.ts';
import { readBootId } from './boot-id.ts';
import { ownHome, type OwnerFacts } from './home-owner.ts';
import type { RunAgentOptions } from './run-agent-options.ts';

/**
 * Runs the agent of a home until a signal or its API ends it. Computes go on running.
 * @throws HOME_UNUSABLE, AGENT_ALREADY_RUNNING, CONFIG_INVALID, PORTS_TAKEN, and what the store throws
 */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const { paths } = options.environment;
  const clock = createSystemClock();
  makeHome(paths.home);
  // First of all and with little loaded: of ten agents that start together, nine end here.
  const home = ownHome(paths, ownerFacts(options.version, clock));
  try {
    const { runOwning } = await import('./run-owning.ts');
    await runOwning(options, clock);
  } finally {
    home.release();
  }
}

function ownerFacts(version: string, clock: Clock): OwnerFacts {
  return { pid: process.pid, version, startedAt: new Date(clock.wallMs()).toISOString(), bootId: readBootId() };
}
