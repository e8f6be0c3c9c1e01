import { describe, expect, it } from 'vitest';

import type { CommandEntry } from '../../../src/lib/cli/command-index.ts';
import { asksForJson, route } from '../../../src/lib/cli/route.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

const ids = [
  'compute:start',
  'compute:list',
  'compute:suspend',
  'usage:report',
  'config:list',
  'doctor',
  'demo',
  'storage:add',
  'storage:snapshot:list',
];
const index = { commands: ids.map((id): CommandEntry => ({ id, args: {}, flags: {} })) };

function refusal(...argv: string[]): DozeError {
  try {
    route(argv, index);
  } catch (error) {
    if (error instanceof DozeError) return error;
  }
  throw new Error(`${argv.join(' ')} was not refused`);
}

describe('a command line', () => {
  it.each([
    [['compute', 'start', 'shop', '--json'], 'compute:start', ['shop', '--json']],
    [['compute', 'list'], 'compute:list', []],
    [['storage', 'snapshot', 'list', 'ps'], 'storage:snapshot:list', ['ps']],
    [['storage', 'add', 'snapshot', 'list'], 'storage:add', ['snapshot', 'list']],
    [['doctor', '--json'], 'doctor', ['--json']],
    [['compute', 'start', '--', '--help'], 'compute:start', ['--', '--help']],
  ])('%j runs %s', (argv, id, rest) => {
    expect(route(argv, index)).toEqual({ kind: 'command', id, argv: rest });
  });

  it.each([
    [[], []],
    [['--help'], []],
    [['-h'], []],
    [['--no-color'], []],
    [['help'], []],
    [['compute'], ['compute']],
    [['compute', '--help'], ['compute']],
    [
      ['storage', 'snapshot'],
      ['storage', 'snapshot'],
    ],
    [
      ['help', 'compute', 'start'],
      ['compute', 'start'],
    ],
    [
      ['compute', 'start', 'shop', '--help'],
      ['compute', 'start'],
    ],
    [['demo', '-h'], ['demo']],
  ])('%j asks for help', (argv, words) => {
    expect(route(argv, index)).toEqual({ kind: 'help', words });
  });

  it.each([[['--version']], [['-v']], [['version']], [['--version', '--json']]])('%j asks for the version', (argv) => {
    expect(route(argv, index)).toEqual({ kind: 'version' });
  });
});

describe('words that are no command', () => {
  it('are refused as a mistake in usage, with the command that was meant', () => {
    expect(refusal('compute', 'strat', 'shop')).toMatchObject({
      code: 'USAGE',
      message: '`doze compute strat` is not a command; did you mean `doze compute start`?',
      hint: 'doze compute start --help',
    });
    expect(refusal('comptue', 'list').message).toContain('did you mean `doze compute list`?');
    expect(refusal('usgae').message).toContain('did you mean `doze usage`?');
    expect(refusal('storage', 'snapshot', 'lsit', 'ps')).toMatchObject({
      message: '`doze storage snapshot lsit` is not a command; did you mean `doze storage snapshot list`?',
      hint: 'doze storage snapshot list --help',
    });
    expect(refusal('storage', 'snapshot', 'frobnicate').hint).toBe('doze storage snapshot --help');
  });

  it('are taken for verbs of a compute when the noun was left out', () => {
    expect(refusal('list').message).toBe('`doze list` is not a command; did you mean `doze compute list`?');
  });

  it('lead to the help of the topic, or to all help, when nothing resembles them', () => {
    expect(refusal('compute', 'frobnicate')).toMatchObject({
      message: '`doze compute frobnicate` is not a command',
      hint: 'doze compute --help',
    });
    expect(refusal('frobnicate').hint).toBe('doze --help');
  });

  it('get no help either', () => {
    expect(refusal('help', 'strat').code).toBe('USAGE');
    expect(refusal('frobnicate', '--help').code).toBe('USAGE');
  });

  it('may be flags that nobody knows', () => {
    expect(refusal('--frobnicate').message).toBe('`doze` has no flag --frobnicate');
  });
});

describe('the wish for JSON', () => {
  it('is found anywhere before a double dash', () => {
    expect(asksForJson(['nonsense', '--json'])).toBe(true);
    expect(asksForJson(['compute', 'list'])).toBe(false);
    expect(asksForJson(['compute', 'list', '--', '--json'])).toBe(false);
  });
});
