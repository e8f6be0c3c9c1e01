import { DozeError, systemCode } from '../errors/index.ts';
import { PLAIN } from './colour.ts';
import { toFailure } from './failure.ts';
import { renderFailure } from './render-failure.ts';

/** `doze ... | head`: when the reader has enough, there is nothing left to do and nothing to complain about. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error) => {
    if (systemCode(error) === 'EPIPE') process.exit(0);
    const failure = toFailure(outputFailed(error));
    process.stderr.write(`${renderFailure(failure, PLAIN)}\n`);
    process.exit(failure.exit);
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined);
}

function outputFailed(cause: unknown): DozeError {
  const code = systemCode(cause) ?? 'unknown reason';
  const why = code === 'ENOSPC' ? 'the disk is full' : code;
  return new DozeError('OUTPUT_FAILED', `what the command has to say could not be written to stdout: ${why}`, {
    cause,
    hint: 'write it elsewhere: what the command did stands',
  });
}

/** Writes to pipes may still be on their way when the work is done, and an exit would cut them off. */
export async function flushOutput(): Promise<void> {
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
