import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DozeError } from '../../errors/index.ts';
import { isDiskFull } from './disk-space.ts';
import { runCommand } from './run-command.ts';

/** Sharing blocks where the file system can: nothing is copied then. A cp that does not know the option copies. */
const SHARING_ARGUMENTS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['-a', '--reflink=auto'],
  darwin: ['-a', '-c'],
};

/**
 * Copies a template to where data will be: all of it or none, and on disk when it resolves, since the server
 * itself later syncs only the files that it writes to.
 */
export async function copyData(template: string, data: string, signal: AbortSignal): Promise<void> {
  const copy = `${data}.new`;
  await rm(copy, { recursive: true, force: true });
  const sharing = SHARING_ARGUMENTS[process.platform] ?? ['-a'];
  let result = await runCommand('cp', [...sharing, template, copy], { signal });
  if (result.exitCode !== 0) {
    await rm(copy, { recursive: true, force: true });
    result = await runCommand('cp', ['-a', template, copy], { signal });
  }
  if (result.exitCode !== 0) {
    const isFull = await isDiskFull(dirname(data));
    await rm(copy, { recursive: true, force: true });
    const details = { logTail: result.output.split('\n').slice(-5) };
    if (isFull)
      throw new DozeError('DISK_FULL', `there is no room for a copy of the data template at ${data}`, { details });
    throw new DozeError('INTERNAL', `the data template could not be copied to ${data}`, { details });
  }
  // GNU's sync writes back one file system only; elsewhere it takes no arguments and writes back all.
  await runCommand('sync', process.platform === 'linux' ? ['-f', copy] : [], { signal });
  await rename(copy, data);
}
