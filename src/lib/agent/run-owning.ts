import { once } from 'node:events';

import type { Clock } from '../clock.ts';
import { keepFromChildren, readAgentSettings } from '../config/index.ts';
import { toDozeError } from '../errors/index.ts';
import { watchForCrashes } from './crash-watch.ts';
import { createLog } from './log.ts';
import { openRotatingFile, type RotatingFile } from './rotating-file.ts';
import type { RunAgentOptions } from './run-agent-options.ts';
import { startAgent, type Agent } from './start-agent.ts';
import { listenForSignals, type StopSignals } from './stop-signals.ts';
import { keepLittleGarbage } from './thrift.ts';

const LOG_LIMITS = { maxBytes: 10 * 1024 ** 2, keep: 3 } as const;

/** The agent's life, in a home that is known to be its own. */
export async function runOwning(options: RunAgentOptions, clock: Clock): Promise<void> {
  keepFromChildren();
  using signals = listenForSignals();
  const file = openRotatingFile({ path: options.environment.paths.logFile, ...LOG_LIMITS });
  try {
    await live(options, { clock, file, signals });
  } finally {
    file.close();
  }
}

interface LifeParts {
  readonly clock: Clock;
  readonly file: RotatingFile;
  readonly signals: StopSignals;
}

async function live(options: RunAgentOptions, { clock, file, signals }: LifeParts): Promise<void> {
  const log = createLog(file, 'info');
  using crashes = watchForCrashes(log, () => signals.requestAtOnce());
  const agent = await start(options, { clock, file, signals });
  using _thrift = keepLittleGarbage(agent.starts, clock);
  if (!signals.stop.aborted) await once(signals.stop, 'abort');
  log.info({}, 'the agent is asked to end');
  await agent.close(signals.hurry);
  log.info({}, 'the agent has ended; computes go on');
  const crash = crashes.crash();
  if (crash !== null) throw crash;
}

async function start(options: RunAgentOptions, { clock, file, signals }: LifeParts): Promise<Agent> {
  const { version, environment, configuration } = options;
  try {
    const settings = readAgentSettings(configuration);
    const logger = createLog(file, settings.logLevel);
    return await startAgent({ version, environment, settings, clock, logger, onStopAsked: () => signals.request() });
  } catch (error) {
    const { code, message, hint } = toDozeError(error);
    // Whoever started this agent reads the reason here.
    createLog(file, 'info').error({ startFailed: { code, message, hint }, err: error }, 'the agent could not start');
    throw error;
  }
}
