import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import type { DozePaths } from '../config/index.ts';
import { DozeError, systemCode } from '../errors/index.ts';

export type SocketPaths = Pick<DozePaths, 'home' | 'socket'>;

/**
 * A home with a long path has its socket under the temp directory, where anybody may make directories: one that
 * is not ours alone is refused, by who listens and by who connects.
 * @throws AGENT_UNREACHABLE
 */
export function requireOwnSocketDirectory(paths: SocketPaths): void {
  const directory = dirname(paths.socket);
  if (directory === paths.home) return;
  const facts = lstatSync(directory, { throwIfNoEntry: false });
  if (facts === undefined) return;
  const isOurs = facts.isDirectory() && facts.uid === process.getuid?.() && (facts.mode & 0o077) === 0;
  if (isOurs) return;
  throw new DozeError('AGENT_UNREACHABLE', `${directory} is not a directory of this user alone`, {
    hint: `remove ${directory}, or set DOZE_HOME to a directory with a shorter path`,
    details: { directory, uid: facts.uid, mode: (facts.mode & 0o777).toString(8) },
  });
}

/** Makes the socket's directory, mode 0700. */
export function makeSocketDirectory(paths: SocketPaths): void {
  const directory = dirname(paths.socket);
  try {
    mkdirSync(directory, { recursive: directory === paths.home, mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
  requireOwnSocketDirectory(paths);
}
