import { loadPaint, wantsColour, type Paint, type TerminalEnvironment } from './colour.ts';

export interface OutputOptions {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly noColour: boolean;
  readonly env: TerminalEnvironment;
}

/** As much of a Node.js stream as is needed. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Data goes to stdout and nothing else does; all that accompanies it goes to stderr. */
export interface Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Styles for stdout. */
  readonly paint: Paint;
  /** Styles for stderr. */
  readonly notePaint: Paint;
  /** Width of the terminal behind stdout; null when it is none. */
  readonly width: number | null;
  /** The command's result: one JSON document with `--json`, else the text, line end added. */
  result(json: unknown, text: string): void;
  /** One line of a stream of results: a JSON document a line with `--json`. */
  line(json: unknown, text: string): void;
  /** For people who watch; nothing with `--json` or `--quiet`. */
  note(text: string): void;
}

/** Off a terminal the property is not false but missing, whatever Node's types say. */
export function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

const USUAL_WIDTH = 80;

/** Columns of a terminal; some say that they have none when they do not know. */
export function widthOf({ columns }: { readonly columns?: number }): number {
  return columns === undefined || columns === 0 ? USUAL_WIDTH : columns;
}

export async function createOutput(options: OutputOptions): Promise<Output> {
  const { stdout, stderr, isJson, isQuiet, noColour, env } = options;
  const [paint, notePaint] = await Promise.all([
    loadPaint(!isJson && wantsColour(stdout, env, noColour)),
    loadPaint(wantsColour(stderr, env, noColour)),
  ]);
  const writeData = (text: string): void => {
    if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    isJson,
    isQuiet,
    paint,
    notePaint,
    width: isTerminal(stdout) ? widthOf(stdout) : null,
    result: (json, text) => writeData(isJson ? JSON.stringify(json, null, 2) : text),
    line: (json, text) => writeData(isJson ? JSON.stringify(json) : text),
    note: (text) => {
      if (!isJson && !isQuiet && text !== '') stderr.write(`${text}\n`);
    },
  };
}
