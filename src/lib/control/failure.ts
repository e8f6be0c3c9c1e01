import type { Compute } from '../domain/index.ts';
import { createDeadline } from '../clock.ts';
import { DozeError, toDozeError } from '../errors/index.ts';
import type { Core } from './core.ts';

const LOG_LINES = 20;
const LOG_TIMEOUT_MS = 2_000;

/** Records that an operation on a compute failed, with the server's last words, and returns the error to throw. */
export async function recordFailure(core: Core, compute: Compute, thrown: unknown): Promise<DozeError> {
  const error = toDozeError(thrown, `compute "${compute.name}"`);
  const logTail = ownLines(error) ?? (await lastLogLines(core, compute));
  core.logger.error({ compute: compute.name, code: error.code, error: error.message }, 'operation failed');
  try {
    core.journal.record(compute.id, { type: 'failed', code: error.code, message: error.message, logTail });
  } catch (second) {
    // On a full disk, say. The record still says what was under way, and the next round takes it up from there.
    core.logger.error({ compute: compute.name, err: toDozeError(second) }, 'the failure could not be put on record');
  }
  return new DozeError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, logTail },
    cause: error,
  });
}

/** What failed may not have been the server, and then has said itself what was wrong. */
function ownLines({ details: { logTail } }: DozeError): string[] | null {
  return Array.isArray(logTail) && logTail.length > 0 ? logTail.map(String) : null;
}

type LogOwner = Pick<Compute, 'id' | 'name' | 'driver'>;

/** The end of the server's log, or nothing when it cannot be had. */
export async function lastLogLines(core: Core, { id, name, driver }: LogOwner): Promise<string[]> {
  using deadline = createDeadline(LOG_TIMEOUT_MS, () => new DozeError('TIMED_OUT', 'reading the log took too long'));
  const lines: string[] = [];
  try {
    const options = { tail: LOG_LINES, follow: false };
    for await (const line of core.drivers.get(driver).logs(id, options, deadline.signal)) lines.push(line);
  } catch (error) {
    core.logger.debug({ compute: name, error: toDozeError(error).message }, 'no log to show');
  }
  return lines.slice(-LOG_LINES);
}
