import { suggest } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';
import type { CommandIndex } from './command-index.ts';

/** What a command line asks for. */
export type Route =
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly id: string; readonly argv: readonly string[] };

const HELP_FLAGS: ReadonlySet<string> = new Set(['--help', '-h']);

/** @throws USAGE for words that are no command, with the command that was probably meant. */
export function route(argv: readonly string[], index: Pick<CommandIndex, 'commands'>): Route {
  const beforeDashes = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const words = leadingWords(argv);
  if (words.length === 0 && (argv[0] === '--version' || argv[0] === '-v')) return { kind: 'version' };
  if (words[0] === 'version' && words.length === 1) return { kind: 'version' };
  if (words[0] === 'help') return { kind: 'help', words: known(words.slice(1), index) };

  const depth = commandDepth(words, index);
  if (beforeDashes.some((word) => HELP_FLAGS.has(word)) || depth === 0 || isTopic(words, index)) {
    if (depth === 0 && words.length === 0) requireNoStrayFlag(argv);
    return { kind: 'help', words: depth > 0 ? words.slice(0, depth) : known(words, index) };
  }
  return { kind: 'command', id: words.slice(0, depth).join(':'), argv: argv.slice(depth) };
}

/** Whether JSON was asked for, before anything has been parsed: errors of parsing have to be JSON too. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

function leadingWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((word) => word.startsWith('-'));
  return end === -1 ? argv : argv.slice(0, end);
}

/** Topic, maybe a topic in it, and verb. */
const MOST_WORDS = 3;

/** How many of the words name a command; 0 if none. */
function commandDepth(words: readonly string[], { commands }: Pick<CommandIndex, 'commands'>): number {
  for (let depth = Math.min(words.length, MOST_WORDS); depth > 0; depth--) {
    const id = words.slice(0, depth).join(':');
    if (commands.some((command) => command.id === id)) return depth;
  }
  return 0;
}

function isTopic(words: readonly string[], { commands }: Pick<CommandIndex, 'commands'>): boolean {
  return words.length > 0 && commands.some((command) => command.id.startsWith(`${words.join(':')}:`));
}

function requireNoStrayFlag(argv: readonly string[]): void {
  const stray = argv.find((word) => word.startsWith('-') && !HELP_FLAGS.has(word) && !HARMLESS.has(word));
  if (stray !== undefined) throw new DozeError('USAGE', `\`doze\` has no flag ${stray}`, { hint: 'doze --help' });
}

/** Of the global flags, those that mean something without a command. */
const HARMLESS: ReadonlySet<string> = new Set(['--json', '--no-color', '--quiet']);

/** The words, if help can be given for them. */
function known(words: readonly string[], index: Pick<CommandIndex, 'commands'>): readonly string[] {
  const depth = commandDepth(words, index);
  if (depth > 0) return words.slice(0, depth);
  if (words.length === 0 || isTopic(words, index)) return words;
  throw unknownCommand(words, index);
}

function unknownCommand(words: readonly string[], index: Pick<CommandIndex, 'commands'>): DozeError {
  const ids = index.commands.map((command) => command.id.split(':'));
  if (words.length > 2 && isTopic(words.slice(0, 2), index)) return unknownInTopic(words, ids);
  const topics = [...new Set(ids.map(([topic]) => topic ?? ''))];
  const [first = '', second] = words;
  const topic = topics.includes(first) ? first : suggest(first, topics);
  const verbs = ids.filter((id) => id[0] === topic && id.length > 1).map((id) => id[1] ?? '');
  const verb = second === undefined ? null : suggest(second, verbs);
  const typed = words.slice(0, topics.includes(first) || verb !== null ? 2 : 1).join(' ');
  const meant = topic === null ? verbAlone(first, ids) : [topic, ...(verb === null ? [] : [verb])].join(' ');
  return new DozeError('USAGE', `\`doze ${typed}\` is not a command${meantText(meant, first)}`, {
    hint: meant === null ? 'doze --help' : `doze ${meant} --help`,
  });
}

/** A verb that the topic in a topic does not have. */
function unknownInTopic(words: readonly string[], ids: readonly (readonly string[])[]): DozeError {
  const [outer = '', inner = '', typed = ''] = words;
  const verbs = ids.filter((id) => id[0] === outer && id[1] === inner).map((id) => id[2] ?? '');
  const verb = suggest(typed, verbs);
  const meant = [outer, inner, ...(verb === null ? [] : [verb])].join(' ');
  const question = verb === null ? '' : `; did you mean \`doze ${meant}\`?`;
  return new DozeError('USAGE', `\`doze ${outer} ${inner} ${typed}\` is not a command${question}`, {
    hint: `doze ${meant} --help`,
  });
}

function meantText(meant: string | null, first: string): string {
  return meant === null || meant === first ? '' : `; did you mean \`doze ${meant}\`?`;
}

/** Somebody who leaves the noun out means a compute. */
function verbAlone(word: string, ids: readonly (readonly string[])[]): string | null {
  const verbs = ids.filter((id) => id[0] === 'compute').map((id) => id[1] ?? '');
  const verb = suggest(word, verbs);
  return verb === null ? null : `compute ${verb}`;
}
