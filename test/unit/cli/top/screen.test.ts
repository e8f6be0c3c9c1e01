import { describe, expect, it } from 'vitest';

import { createScreen, frame } from '../../../../src/lib/cli/top/screen.ts';
import { createTerminalModel } from '../../../support/terminal-model.ts';

describe('a frame', () => {
  it('is drawn whole where nothing is known of the screen', () => {
    expect(frame(null, ['one', 'two'])).toBe('\u001b[2J\u001b[1;1Hone\u001b[0m\u001b[K\u001b[2;1Htwo\u001b[0m\u001b[K');
  });

  it('is drawn by what differs, and not at all where nothing does', () => {
    expect(frame(['one', 'two'], ['one', 'TWO'])).toBe('\u001b[2;1HTWO\u001b[0m\u001b[K');
    expect(frame(['one', 'two'], ['one', 'two'])).toBe('');
  });

  it('clears what is left of a longer one', () => {
    expect(frame(['one', 'two'], ['one'])).toBe('\u001b[2;1H\u001b[0m\u001b[K');
  });
});

describe('a screen', () => {
  it('shows each frame, whatever was drawn before it', () => {
    const model = createTerminalModel(20, 4);
    const screen = createScreen((text) => model.write(text));
    screen.enter();
    for (const lines of [['first', 'a long line'], ['first', 'short', 'third'], ['other'], ['a', 'b', 'c', 'd']]) {
      screen.draw(lines);
      expect(model.lines().filter((line) => line !== '')).toEqual(lines);
    }
    expect(model.isAlternate).toBe(true);
    expect(model.isCursorShown).toBe(false);
    screen.leave();
    expect(model).toMatchObject({ isAlternate: false, isCursorShown: true, isWrapping: true });
  });

  it('writes nothing for a frame that is the same, nor before it is entered or after it is left', () => {
    const written: string[] = [];
    const screen = createScreen((text) => written.push(text));
    screen.draw(['early']);
    expect(written).toEqual([]);
    screen.enter();
    screen.enter();
    screen.draw(['one']);
    screen.draw(['one']);
    expect(written).toHaveLength(2);
    screen.leave();
    screen.leave();
    screen.draw(['late']);
    expect(written).toHaveLength(3);
  });

  it('is drawn whole again after it was left, and when it is to forget', () => {
    const written: string[] = [];
    const screen = createScreen((text) => written.push(text));
    screen.enter();
    screen.draw(['one']);
    screen.leave();
    screen.enter();
    screen.draw(['one']);
    expect(written.at(-1)).toContain('\u001b[2J');
    screen.forget();
    screen.draw(['one']);
    expect(written.at(-1)).toContain('\u001b[2J');
  });
});
