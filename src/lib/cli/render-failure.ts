import type { Paint } from './colour.ts';
import type { Failure } from './failure.ts';

/** `Error: what happened to what`, then `Next: the command to type`. Goes to stderr. */
export function renderFailure(failure: Failure, paint: Paint): string {
  const lines = [`${paint.bad('Error:')} ${failure.message}`];
  for (const line of logTailOf(failure)) lines.push(paint.faint(`  | ${line}`));
  if (failure.hint !== null) lines.push(`${paint.strong('Next:')} ${failure.hint}`);
  return lines.join('\n');
}

const MAX_LOG_LINES = 10;

/** The server's last words say more than any of ours. */
function logTailOf(failure: Failure): readonly string[] {
  const tail = failure.details['logTail'];
  if (!Array.isArray(tail)) return [];
  return tail.filter((line) => typeof line === 'string').slice(-MAX_LOG_LINES);
}
