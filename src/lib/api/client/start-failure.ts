import { closeSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

import { catalogue, DozeError, type ErrorCode } from '../../errors/index.ts';
import type { AgentEnd } from './launch-agent.ts';

const TAIL_LINES = 8;
const MAX_READ_BYTES = 64 * 1024;

/**
 * Why an agent ended before it answered: its own last error if it logged one, else AGENT_START_FAILED with
 * the last lines it wrote. On a full disk it cannot write why, or not all of it: then DISK_FULL.
 */
export function startFailure(logFile: string, logOffset: number, end: AgentEnd): DozeError {
  const lines = readLinesFrom(logFile, logOffset);
  const own = lines.map(readLoggedError).findLast((error) => error !== null);
  if (own !== undefined) return own;
  const home = dirname(logFile);
  if (isDiskFull(home)) {
    return new DozeError('DISK_FULL', `the agent could not start: the disk of ${home} is full`, {
      hint: 'free some space, then the same command again; or use another home: DOZE_HOME=DIRECTORY doze agent start',
      details: { home, exitCode: end.code },
    });
  }
  const tail = lines.slice(-TAIL_LINES);
  const said = tail.length === 0 ? ' and wrote nothing' : `; it wrote:\n${tail.map((line) => `  ${line}`).join('\n')}`;
  return new DozeError('AGENT_START_FAILED', `the agent ended ${howItEnded(end)} before it answered${said}`, {
    cause: end.cause ?? undefined,
    hint: 'doze agent run (in the foreground, to see why)',
    details: { logFile, exitCode: end.code, signal: end.signal },
  });
}

/** No room for the few files that an agent begins with. */
const FULL_BELOW_BYTES = 64 * 1024;

function isDiskFull(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize < FULL_BELOW_BYTES;
}

function howItEnded(end: AgentEnd): string {
  if (end.code !== null) return `with exit code ${end.code}`;
  return end.signal === null ? 'because it could not be executed' : `by ${end.signal}`;
}

function readLinesFrom(file: string, offset: number): string[] {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(offset, size - MAX_READ_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  } finally {
    closeSync(descriptor);
  }
}

interface LoggedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** The error of a log line that ends the agent, or null for any other line. */
function readLoggedError(line: string): DozeError | null {
  if (!line.startsWith('{')) return null;
  try {
    const { startFailed } = JSON.parse(line) as { startFailed?: LoggedError };
    if (startFailed === undefined || !Object.hasOwn(catalogue, startFailed.code)) return null;
    const { code, message, hint } = startFailed;
    return new DozeError(code, message, hint === undefined ? {} : { hint });
  } catch {
    return null;
  }
}
