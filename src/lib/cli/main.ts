import { readEnvironment } from '../config/index.ts';
import { loadPaint, wantsColour, type Paint } from './colour.ts';
import type { CommandIndex } from './command-index.ts';
import { toErrorBody, toFailure, type Failure } from './failure.ts';
import { widthOf } from './output.ts';
import { renderFailure } from './render-failure.ts';
import { asksForJson, route, type Route } from './route.ts';

export interface MainOptions {
  readonly readIndex: () => CommandIndex;
  /** Runs a command by its id. */
  readonly runCommand: (id: string, argv: readonly string[], index: CommandIndex) => Promise<void>;
}

/** One command line from its words to its exit code. Every error of the product is shown here and nowhere else. */
export async function main(argv: readonly string[], options: MainOptions): Promise<number> {
  let asked: Route | null = null;
  try {
    const index = options.readIndex();
    asked = route(argv, index);
    if (asked.kind === 'command') await options.runCommand(asked.id, asked.argv, index);
    else if (asked.kind === 'version') showVersion(index, asksForJson(argv));
    else await showHelp(asked.words, index, argv);
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    return await showFailure(thrown, argv, asked);
  }
}

function showVersion({ version }: CommandIndex, isJson: boolean): void {
  const facts = { version, node: process.version, platform: `${process.platform}-${process.arch}` };
  process.stdout.write(isJson ? `${JSON.stringify(facts)}\n` : `doze ${version}\n`);
}

async function showHelp(words: readonly string[], index: CommandIndex, argv: readonly string[]): Promise<void> {
  const { renderHelp } = await import('./help.ts');
  const paint = await paintFor(process.stdout, argv);
  process.stdout.write(`${renderHelp(words, index, { paint, width: Math.min(widthOf(process.stdout), WIDEST) })}\n`);
}

async function showFailure(thrown: unknown, argv: readonly string[], asked: Route | null): Promise<number> {
  const failure = toFailure(thrown, asked?.kind === 'command' ? asked.id : null);
  if (asksForJson(argv)) process.stdout.write(`${JSON.stringify(toErrorBody(failure), null, 2)}\n`);
  else if (!isPlainInterrupt(failure))
    process.stderr.write(`${renderFailure(failure, await paintFor(process.stderr, argv))}\n`);
  if (failure.code === 'INTERNAL' && readEnvironment().doze['DOZE_DEBUG'] !== undefined) {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  }
  return failure.exit;
}

/** Who pressed Ctrl-C knows it; there is something to say only if something goes on. */
function isPlainInterrupt({ code, hint }: Failure): boolean {
  return code === 'INTERRUPTED' && hint === null;
}

/** Lines longer than this are hard to read on any terminal. */
const WIDEST = 110;

function paintFor(stream: { readonly isTTY?: boolean }, argv: readonly string[]): Promise<Paint> {
  return loadPaint(wantsColour(stream, readEnvironment(), argv.includes('--no-color')));
}
