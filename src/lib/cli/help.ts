import type { Paint } from './colour.ts';
import type { ArgEntry, CommandEntry, CommandIndex, FlagEntry } from './command-index.ts';
import { displayWidth } from './views/table.ts';

export interface HelpOptions {
  readonly paint: Paint;
  readonly width: number;
}

/** Help for everything, a topic, or one command. */
export function renderHelp(words: readonly string[], index: CommandIndex, options: HelpOptions): string {
  const id = words.join(':');
  const command = index.commands.find((candidate) => candidate.id === id);
  if (command !== undefined) return commandHelp(command, options);
  return words.length === 0 ? rootHelp(index, options) : topicHelp(words, index, options);
}

const FIRST_STEPS = [
  ['doze demo', 'see a database start, sleep, wake and be metered'],
  ['doze compute start NAME', 'a database of your own'],
  ['doze compute url NAME', 'its mysql:// URL, for an application'],
  ['doze doctor', 'whether this machine has what it takes'],
] as const;

function rootHelp(index: CommandIndex, options: HelpOptions): string {
  const topics = new Set(index.commands.filter(({ id }) => id.includes(':')).map(({ id }) => id.split(':')[0] ?? ''));
  const single = index.commands.filter(({ id }) => !id.includes(':'));
  return sections(options, [
    ['', index.description],
    ['Usage', '  doze TOPIC VERB [NAME] [flags]'],
    ['First steps', list(FIRST_STEPS, options)],
    [
      'Topics',
      list(
        [...topics].map((topic) => [topic, index.topics[topic]?.description ?? '']),
        options,
      ),
    ],
    [
      'Commands',
      list(
        single.map((command) => [command.id, command.summary ?? '']),
        options,
      ),
    ],
    [
      'More',
      list(
        [
          ['doze TOPIC --help', 'the verbs of a topic'],
          ['doze --version', ''],
        ],
        options,
      ),
    ],
  ]);
}

function topicHelp(words: readonly string[], index: CommandIndex, options: HelpOptions): string {
  const topic = words.join(' ');
  const commands = index.commands.filter(({ id }) => id.startsWith(`${words.join(':')}:`));
  return sections(options, [
    ['', index.topics[topic]?.description ?? ''],
    [
      'Commands',
      list(
        commands.map((command) => [usageOf(command, false), command.summary ?? '']),
        options,
      ),
    ],
    ['More', list([[`doze ${topic} VERB --help`, 'flags and examples of a command']], options)],
  ]);
}

function commandHelp(command: CommandEntry, options: HelpOptions): string {
  const flags = Object.values(command.flags).filter(({ hidden }) => hidden !== true);
  const args = Object.values(command.args);
  return sections(options, [
    ['', [command.summary, command.description].filter((text) => text !== undefined).join('\n\n')],
    ['Usage', `  doze ${usageOf(command, true)}`],
    [
      'Arguments',
      list(
        args.map((arg) => [arg.name.toUpperCase(), arg.description ?? '']),
        options,
      ),
    ],
    ['Flags', list(flags.filter((flag) => flag.helpGroup === undefined).map(flagLine), options)],
    ['Global flags', list(flags.filter((flag) => flag.helpGroup !== undefined).map(flagLine), options)],
    ['Examples', (command.examples ?? []).map(exampleText).join('\n')],
  ]);
}

function usageOf({ id, args, flags }: CommandEntry, withFlags: boolean): string {
  const names = Object.values(args).map((arg: ArgEntry) =>
    arg.required === true ? arg.name.toUpperCase() : `[${arg.name.toUpperCase()}]`,
  );
  const hasFlags = withFlags && Object.keys(flags).length > 0;
  return [id.replaceAll(':', ' '), ...names, ...(hasFlags ? ['[flags]'] : [])].join(' ');
}

function flagLine(flag: FlagEntry): readonly [string, string] {
  const value = flag.type === 'option' ? ` ${valueOf(flag)}` : '';
  const short = flag.char === undefined ? '    ' : `-${flag.char}, `;
  const standard = typeof flag.default === 'string' ? ` (default: ${flag.default})` : '';
  return [`${short}--${flag.name}${value}`, `${flag.description ?? ''}${standard}`];
}

function valueOf(flag: FlagEntry): string {
  if (typeof flag.helpValue === 'string') return flag.helpValue;
  return flag.options === undefined ? 'VALUE' : flag.options.join('|');
}

function exampleText(example: string | { readonly description: string; readonly command: string }): string {
  return typeof example === 'string' ? `  ${example}` : `  ${example.command}\n      ${example.description}`;
}

function sections({ paint }: HelpOptions, parts: readonly (readonly [string, string])[]): string {
  return parts
    .filter(([, body]) => body !== '')
    .map(([title, body]) => (title === '' ? body : `${paint.strong(title)}\n${body}`))
    .join('\n\n');
}

const WIDEST_LABEL = 34;

/** Label and text side by side, the text wrapped to the width that is left. */
function list(rows: readonly (readonly [string, string])[], { width }: HelpOptions): string {
  const widest = Math.min(WIDEST_LABEL, Math.max(0, ...rows.map(([label]) => displayWidth(label))));
  const indent = ' '.repeat(widest + 4);
  return rows
    .map(([label, text]) => {
      const wrapped = wrap(text, Math.max(30, width - indent.length)).join(`\n${indent}`);
      const isLong = displayWidth(label) > widest;
      return `  ${isLong ? `${label}\n${indent}` : label.padEnd(widest + 2)}${wrapped}`.trimEnd();
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
