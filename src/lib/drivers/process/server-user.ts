import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { readIfThere } from './read-if-there.ts';

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who the server runs as: nobody else (null) unless we are root, and then the system's `mysql` user, if there is
 * one and it can reach the home at all; a home below /root it cannot.
 */
export async function findServerUser(name: string, home: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const user = findInPasswd(name, (await readIfThere('/etc/passwd')) ?? '');
  return user !== null && (await isOpenToAll(home)) ? user : null;
}

export function findInPasswd(name: string, passwd: string): ServerUser | null {
  for (const line of passwd.split('\n')) {
    const [found, , uid, gid] = line.split(':');
    if (found === name && uid !== undefined && gid !== undefined) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

const SEARCHABLE_BY_OTHERS = 0o001;

async function isOpenToAll(directory: string): Promise<boolean> {
  const exists = await access(directory, constants.F_OK).then(
    () => true,
    () => false,
  );
  if (exists && ((await stat(directory)).mode & SEARCHABLE_BY_OTHERS) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || isOpenToAll(parent);
}
