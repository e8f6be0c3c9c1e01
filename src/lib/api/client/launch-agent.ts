import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';

import { makeHome, type DozePaths } from '../../config/index.ts';
import { catalogue } from '../../errors/index.ts';

export interface LaunchOptions {
  readonly paths: Pick<DozePaths, 'home' | 'logFile'>;
  /** Program and arguments of an agent in the foreground: `[process.execPath, '.../bin/run.js', 'agent', 'run']`. */
  readonly command: readonly [string, ...string[]];
  /** Environment of the agent, with an absolute DOZE_HOME: its working directory is the home. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface LaunchedAgent {
  /** Null while it runs. */
  end(): AgentEnd | null;
  /** Where in the log file its own lines begin. */
  readonly logOffset: number;
}

export interface AgentEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when it could not even be executed. */
  readonly cause: unknown;
}

/** Starts an agent that outlives this process. What it prints goes to the log file. */
export function launchAgent({ paths, command, environment }: LaunchOptions): LaunchedAgent {
  makeHome(paths.home);
  const log = openSync(paths.logFile, 'a', 0o600);
  try {
    const logOffset = fstatSync(log).size;
    const [program, ...programArguments] = command;
    const child = spawn(program, programArguments, {
      cwd: paths.home,
      env: { ...environment },
      detached: true,
      stdio: ['ignore', log, log],
    });
    let end: AgentEnd | null = null;
    child.once('error', (cause) => (end = { code: null, signal: null, cause }));
    child.once('exit', (code, signal) => (end = { code, signal, cause: null }));
    child.unref();
    return { end: () => end, logOffset };
  } finally {
    closeSync(log);
  }
}

/** No failure: another agent owns this home and is about to answer, or is on its way out. */
export function hasGivenWay(end: AgentEnd): boolean {
  return end.code === catalogue.AGENT_ALREADY_RUNNING.exit;
}
