import { systemCode } from '../errors/index.ts';

/** `doze ... | head`: when the reader has enough, there is nothing left to do and nothing to complain about. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error) => {
    if (systemCode(error) === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', (error) => {
    if (systemCode(error) !== 'EPIPE') throw error;
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
