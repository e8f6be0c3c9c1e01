import { abortReason } from '../../clock.ts';
import type { ServerUser } from './server-user.ts';

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly user?: ServerUser | null;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of either stream as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Undefined when it could not be started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Both streams, for error messages. */
  readonly output: string;
}

/** Runs a program to its end, whatever that is. @throws the signal's reason when aborted, and then it has ended too. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { signal, user = null, env, onLine } = options;
  if (signal.aborted) throw abortReason(signal);
  // Loaded by the first program that is run: an agent that only looks after what sleeps needs none.
  const { execa } = await import('execa');
  const running = execa(file, args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
    forceKillAfterDelay: 2000,
    ...(env === undefined ? {} : { env }),
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  });
  if (onLine !== undefined) {
    for await (const line of running.iterable({ from: 'all' })) onLine(line);
  }
  const { exitCode, stdout, all, isCanceled } = await running;
  if (isCanceled) throw abortReason(signal);
  return { exitCode, stdout, output: all };
}
