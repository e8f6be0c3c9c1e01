import { readFile, readdir } from 'node:fs/promises';

import { systemCode } from '../../errors/index.ts';

/** The file's text, or null if there is none. */
export function readIfThere(path: string): Promise<string | null> {
  return orNull(readFile(path, 'utf8'));
}

/** The directory's entries, none if it is not there. */
export async function listIfThere(path: string): Promise<readonly string[]> {
  return (await orNull(readdir(path))) ?? [];
}

/** What was promised, or null if the path is not there. */
export async function orNull<Value>(promised: Promise<Value>): Promise<Value | null> {
  try {
    return await promised;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
