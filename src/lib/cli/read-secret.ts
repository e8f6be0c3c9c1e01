import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { DozeError, systemCode } from '../errors/index.ts';
import { isTerminal } from './output.ts';

/**
 * What a file, or stdin for `-`, holds, without the line end that editors put there.
 * @param what for people: `the credential`
 * @throws USAGE
 */
export async function readSecret(file: string, what: string): Promise<string> {
  return readInput(file, what);
}

/** The same for what is no secret. @throws USAGE */
export async function readInput(file: string, what: string): Promise<string> {
  const content = (file === '-' ? await readStdin(what) : await readWhole(file, what)).trim();
  if (content !== '') return content;
  throw new DozeError('USAGE', `${file === '-' ? 'stdin' : file} is empty, where ${what} was to be`);
}

async function readStdin(what: string): Promise<string> {
  // A secret that is typed would stand on the screen.
  if (isTerminal(process.stdin)) {
    throw new DozeError('USAGE', `${what} was to come from stdin, which is the terminal`, {
      hint: 'pipe it in, or give a file',
    });
  }
  return text(process.stdin);
}

async function readWhole(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DozeError('USAGE', `${what} could not be read from ${file} (${systemCode(error) ?? 'unreadable'})`, {
      hint: 'check the path, and that you may read it',
      cause: error,
    });
  }
}
