import type { LogsQuery } from '../../api/index.ts';
import { followFile, readLastLines } from '../../config/index.ts';
import type { AgentCore } from '../running.ts';

/** The agent's own log, for who cannot read the file. */
export async function* agentLogs(
  { paths, clock }: Pick<AgentCore, 'paths' | 'clock'>,
  { tail, follow }: LogsQuery,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const last = readLastLines(paths.logFile, tail);
  yield* last.lines;
  if (follow) yield* followFile(paths.logFile, { from: last.end, clock, signal });
}
