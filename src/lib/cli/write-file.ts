import { writeFile } from 'node:fs/promises';

import { DozeError, systemCode } from '../errors/index.ts';

/** To a file, in place of what it was, or to stdout for `-`. @throws OUTPUT_FAILED */
export async function writeFileOrStdout(file: string, text: string): Promise<void> {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new DozeError('OUTPUT_FAILED', `${file} could not be written (${systemCode(error) ?? 'unknown reason'})`, {
      hint: 'give another file, or - for stdout',
      cause: error,
    });
  }
}
