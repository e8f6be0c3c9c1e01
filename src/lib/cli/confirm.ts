import { DozeError } from '../errors/index.ts';

export interface ConfirmNameOptions {
  /** What is done, and to what: `destroying "shop"`. */
  readonly doing: string;
  readonly name: string;
  /** What will happen, as a question's first half: `Destroying shop ends its 2 sessions`. */
  readonly consequence: string;
  /** Of `--confirm`. */
  readonly given: string | undefined;
  /** The command to type where nobody can be asked. */
  readonly command: string;
  readonly isTerminal: boolean;
  readonly signal: AbortSignal;
}

/**
 * Returns when the person, or the script, has named what is to be destroyed.
 * @throws CONFIRMATION_NEEDED
 */
export async function confirmName(options: ConfirmNameOptions): Promise<void> {
  const { doing, name, given, command, isTerminal } = options;
  if (given === name) return;
  if (given !== undefined) {
    throw new DozeError('CONFIRMATION_NEEDED', `--confirm says "${given}", but the name is "${name}"`, {
      hint: command,
    });
  }
  if (!isTerminal) {
    throw new DozeError('CONFIRMATION_NEEDED', `${doing} has to be confirmed`, { hint: command });
  }
  const typed = await ask(`${options.consequence}\nType the name to go on: `, options.signal);
  if (typed !== name) {
    throw new DozeError('CONFIRMATION_NEEDED', `"${typed}" is not "${name}": nothing was done`, { hint: command });
  }
}

/** `y` or `yes` to a question; everything else is no. */
export async function confirmYes(question: string, signal: AbortSignal): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `, signal);
  return /^y(es)?$/i.test(answer);
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question, { signal })).trim();
  } finally {
    lines.close();
  }
}
