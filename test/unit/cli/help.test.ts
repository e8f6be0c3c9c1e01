import { describe, expect, it } from 'vitest';

import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { createCommandIndex, type CommandEntry } from '../../../src/lib/cli/command-index.ts';
import { renderHelp } from '../../../src/lib/cli/help.ts';

const start: CommandEntry = {
  id: 'compute:start',
  summary: 'make a compute',
  description: 'Creates it, or wakes it.',
  args: { name: { name: 'name', description: 'name of the compute', required: true } },
  flags: {
    size: { name: 'size', type: 'option', helpValue: 'CU', description: 'compute units', default: '0.5' },
    force: { name: 'force', type: 'boolean', char: 'f', description: 'x'.repeat(20).concat(' ').repeat(10).trim() },
    json: { name: 'json', type: 'boolean', helpGroup: 'GLOBAL', description: 'as JSON' },
    secret: { name: 'secret', type: 'boolean', hidden: true },
  },
  examples: ['doze compute start shop', { command: 'doze compute start ci', description: 'in a job' }],
};
const hidden: CommandEntry = { id: 'debug', hidden: true, args: {}, flags: {} };
const doctor: CommandEntry = { id: 'doctor', summary: 'look around', args: {}, flags: {} };
const pkg = { version: '1.2.3', description: 'Databases.', oclif: { topics: { compute: { description: 'servers' } } } };
const index = createCommandIndex(pkg, [start, hidden, doctor]);
const options = { paint: PLAIN, width: 80 };

describe('help', () => {
  it('for everything lists topics and commands, and not what is hidden', () => {
    const text = renderHelp([], index, options);
    expect(text).toMatch(/^Databases\./);
    expect(text).toMatch(/^ {2}compute {2}servers$/m);
    expect(text).toMatch(/^ {2}doctor {2}look around$/m);
    expect(text).not.toContain('debug');
  });

  it('for a topic lists its commands', () => {
    expect(renderHelp(['compute'], index, options)).toMatch(/^ {2}compute start NAME {2}make a compute$/m);
  });

  it('for a command has usage, arguments, flags with their defaults, and examples', () => {
    const text = renderHelp(['compute', 'start'], index, options);
    expect(text).toContain('  doze compute start NAME [flags]');
    expect(text).toMatch(/--size CU +compute units \(default: 0\.5\)/);
    expect(text).toContain('-f, --force');
    expect(text).toContain('  doze compute start ci\n      in a job');
    expect(text).not.toContain('secret');
    expect(text.indexOf('Global flags')).toBeLessThan(text.indexOf('--json'));
  });

  it('wraps descriptions to the width of the terminal', () => {
    const longest = Math.max(
      ...renderHelp(['compute', 'start'], index, options)
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(80);
  });
});
