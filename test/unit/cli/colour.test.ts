import { describe, expect, it } from 'vitest';

import { loadPaint, PLAIN, wantsColour } from '../../../src/lib/cli/colour.ts';

const terminal = { isTTY: true };
const env = { noColor: false, term: 'xterm-256color' };

describe('colour', () => {
  it('is for terminals, each stream by itself', () => {
    expect(wantsColour(terminal, env, false)).toBe(true);
    expect(wantsColour({ isTTY: false }, env, false)).toBe(false);
    expect(wantsColour({}, env, false)).toBe(false);
  });

  it('is off with NO_COLOR, on a dumb terminal, and with --no-color', () => {
    expect(wantsColour(terminal, { ...env, noColor: true }, false)).toBe(false);
    expect(wantsColour(terminal, { ...env, term: 'dumb' }, false)).toBe(false);
    expect(wantsColour(terminal, env, true)).toBe(false);
  });

  it('is nothing at all where it is off, and escape sequences where it is on', async () => {
    expect(await loadPaint(false)).toBe(PLAIN);
    expect((await loadPaint(true)).bad('x')).toBe('\u001b[31mx\u001b[39m');
  });
});
