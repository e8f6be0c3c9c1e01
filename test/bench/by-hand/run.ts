import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 64 * 1024 ** 2;
const execute = promisify(execFile);

/** Runs a program to its end. @returns its stdout @throws with its stderr when it fails */
export async function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { stdout } = await execute(program, [...args], { env, maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}
