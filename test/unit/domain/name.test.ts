import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { databaseName, parseName } from '../../../src/lib/domain/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';

describe('names', () => {
  it.each(['a', 'shop', 'shop-1', 'a-b-c', 'a'.repeat(40)])('accepts "%s"', (name) => {
    expect(parseName(name)).toBe(name);
  });

  it.each(['', '-a', 'a-', 'a--b', '1a', 'A', 'a_b', 'a.b', 'a b', 'é', 'a\n', 'a'.repeat(41), '../etc', '__proto__'])(
    'refuses %j',
    (name) => {
      expect(() => parseName(name)).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
    },
  );

  it('says whose name is wrong and suggests one that is right', () => {
    expect(() => parseName('My Shop!', 'project')).toThrow(
      expect.objectContaining({
        message: '"My Shop!" cannot be the name of a project',
        hint: expect.stringContaining('"my-shop"'),
      }),
    );
  });

  it('suggests only names that it accepts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
        const suggestion = suggestionFor(text);
        if (suggestion !== null) expect(parseName(suggestion)).toBe(suggestion);
      }),
      { numRuns: 500 },
    );
  });

  it('makes a database name that needs no quoting', () => {
    expect(databaseName('my-shop-2')).toBe('my_shop_2');
  });
});

/** Null when the text is a name already or nothing can be made of it. */
function suggestionFor(text: string): string | null {
  try {
    parseName(text);
    return null;
  } catch (error) {
    return error instanceof DozeError ? (/for example "(.*)"$/.exec(error.hint ?? '')?.[1] ?? null) : null;
  }
}
