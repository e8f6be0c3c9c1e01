import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { DozeError, systemCode } from '../errors/index.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EEXIST: 'that is not a directory',
  ENOENT: 'nobody can make a directory there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of that path is not a directory',
  EPERM: 'you may not write there',
  EROFS: 'its file system is read-only',
};

/**
 * Makes the directory that doze keeps everything in, mode 0700, if it is not there.
 * @throws HOME_UNUSABLE
 */
export function makeHome(home: string): void {
  try {
    makeDirectory(home);
    accessSync(home, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = systemCode(cause) ?? 'unknown reason';
    throw new DozeError('HOME_UNUSABLE', `doze cannot keep its files in ${home}: ${REASONS[code] ?? code}`, {
      cause,
      hint: 'name a directory of your own: DOZE_HOME=DIRECTORY doze ...',
      details: { home },
    });
  }
}

/**
 * One by one. Node's own `recursive` takes ENOENT for a parent that is missing, and tries for ever where the kernel
 * says so of a directory that nobody can make, as below /proc.
 */
function makeDirectory(path: string): void {
  if (!existsSync(dirname(path))) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}
