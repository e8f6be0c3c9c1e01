/** What of the environment decides how a stream is written. */
export interface TerminalEnvironment {
  /** NO_COLOR is set and not empty: https://no-color.org */
  readonly noColor: boolean;
  readonly term: string | null;
}

/** Whether a stream gets colour; each stream is judged by itself. */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: TerminalEnvironment,
  isForbidden: boolean,
): boolean {
  return !isForbidden && !env.noColor && env.term !== 'dumb' && stream.isTTY === true;
}

/** The few styles doze uses, by meaning. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly careful: (text: string) => string;
}

const same = (text: string): string => text;
export const PLAIN: Paint = { strong: same, faint: same, good: same, bad: same, careful: same };

/** chalk is loaded only where there will be colour: most runs of a script need none of it. */
export async function loadPaint(isColoured: boolean): Promise<Paint> {
  if (!isColoured) return PLAIN;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { strong: chalk.bold, faint: chalk.dim, good: chalk.green, bad: chalk.red, careful: chalk.yellow };
}
