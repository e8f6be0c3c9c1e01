import { describe, expect, it } from 'vitest';

import { createOutput, type Output } from '../../../src/lib/cli/output.ts';

function capture(): { readonly text: () => string; readonly write: (text: string) => void } {
  let all = '';
  return { text: () => all, write: (text) => void (all += text) };
}

async function open(options: { isJson?: boolean; isQuiet?: boolean } = {}): Promise<{
  output: Output;
  stdout: () => string;
  stderr: () => string;
}> {
  const stdout = capture();
  const stderr = capture();
  const output = await createOutput({
    stdout,
    stderr,
    isJson: options.isJson ?? false,
    isQuiet: options.isQuiet ?? false,
    noColour: false,
    env: { noColor: false, term: null },
  });
  return { output, stdout: stdout.text, stderr: stderr.text };
}

describe('output', () => {
  it('writes results to stdout and notes to stderr', async () => {
    const { output, stdout, stderr } = await open();
    output.result({ a: 1 }, 'one');
    output.note('by the way');
    expect([stdout(), stderr()]).toEqual(['one\n', 'by the way\n']);
  });

  it('writes nothing but JSON with --json', async () => {
    const { output, stdout, stderr } = await open({ isJson: true });
    output.result([], 'nothing');
    output.note('by the way');
    expect([JSON.parse(stdout()), stderr()]).toEqual([[], '']);
  });

  it('writes an object a line for a stream of results with --json', async () => {
    const { output, stdout } = await open({ isJson: true });
    output.line({ a: 1 }, 'a');
    output.line({ a: 2 }, 'b');
    expect(stdout()).toBe('{"a":1}\n{"a":2}\n');
  });

  it('keeps results and drops notes with --quiet', async () => {
    const { output, stdout, stderr } = await open({ isQuiet: true });
    output.result({}, 'one');
    output.note('by the way');
    expect([stdout(), stderr()]).toEqual(['one\n', '']);
  });

  it('knows no width off a terminal', async () => {
    const { output } = await open();
    expect(output.width).toBeNull();
  });
});
