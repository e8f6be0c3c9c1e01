import { connect } from 'node:net';

import { abortReason, createDeadline, type Clock } from '../../clock.ts';
import type { DozePaths } from '../../config/index.ts';
import { formatDuration } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import { requireOwnSocketDirectory } from '../socket-directory.ts';
import type { LaunchOptions } from './launch-agent.ts';

export interface EnsureAgentOptions extends LaunchOptions {
  readonly paths: Pick<DozePaths, 'home' | 'socket' | 'logFile'>;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Default 15 s. */
  readonly timeoutMs?: number;
}

export interface EnsuredAgent {
  /** False when one was answering already. */
  readonly isStarted: boolean;
  readonly tookMs: number;
}

const START_TIMEOUT_MS = 15_000;
const POLL_MS = 10;
/** How long an agent that won the race may take to answer before the next try, in case it was on its way out. */
const GIVE_WAY_MS = 300;

/**
 * Returns once the agent of this home accepts connections, starting it if none does. Any number of processes
 * may call this at once: the agents they start settle by the lock which one stays.
 * @throws AGENT_START_FAILED or the agent's own error; TIMED_OUT; the reason of an aborted signal.
 */
export async function ensureAgent(options: EnsureAgentOptions): Promise<EnsuredAgent> {
  const { clock, paths } = options;
  const startedMs = clock.monotonicMs();
  requireOwnSocketDirectory(paths);
  if (await isAnswering(paths.socket)) return { isStarted: false, tookMs: clock.monotonicMs() - startedMs };

  const timeoutMs = options.timeoutMs ?? START_TIMEOUT_MS;
  using deadline = createDeadline(timeoutMs, () => tooSlow(timeoutMs), options.signal);
  while (!(await startOnce(options, deadline.signal)));
  return { isStarted: true, tookMs: clock.monotonicMs() - startedMs };
}

/** Whether somebody accepts connections on the socket; an answer is up to the first request. */
export function isAnswering(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** @returns false when the agent gave way to another one that does not answer (any more): try again. */
async function startOnce(options: EnsureAgentOptions, signal: AbortSignal): Promise<boolean> {
  const { clock, paths } = options;
  // Loaded only here: nearly always an agent is running.
  const [{ hasGivenWay, launchAgent }, { startFailure }] = await Promise.all([
    import('./launch-agent.ts'),
    import('./start-failure.ts'),
  ]);
  const agent = launchAgent(options);
  let giveUpMs = Infinity;
  while (clock.monotonicMs() < giveUpMs) {
    if (await isAnswering(paths.socket)) return true;
    const end = agent.end();
    if (end !== null && !hasGivenWay(end)) throw startFailure(paths.logFile, agent.logOffset, end);
    if (end !== null && giveUpMs === Infinity) giveUpMs = clock.monotonicMs() + GIVE_WAY_MS;
    if (signal.aborted) throw abortReason(signal);
    await clock.sleep(POLL_MS, signal);
  }
  return false;
}

function tooSlow(timeoutMs: number): DozeError {
  return new DozeError('TIMED_OUT', `the agent did not answer within ${formatDuration(timeoutMs)} after its start`, {
    hint: 'doze agent logs',
  });
}
