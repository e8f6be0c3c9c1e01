import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findJsonFault } from '../../../src/lib/config/json-fault.ts';

describe('finding where a text stops being JSON', () => {
  it.each([
    ['{"a": 1,}', 1, 9],
    ['{\n  "a": 1,\n  b\n}', 3, 3],
    ['{"a" 1}', 1, 6],
    ['{"a":tru}', 1, 6],
    ['{"a":1} x', 1, 9],
    ['{"a":1', 1, 7],
    ['', 1, 1],
    ['[1}', 1, 3],
    ["{'a': 1}", 1, 2],
    ['{\n  "a": "b\n}', 2, 8],
  ])('%j has its fault in line %i, column %i', (text, line, column) => {
    expect(findJsonFault(text)).toEqual({ line, column });
  });

  it('finds none in what is JSON, whatever it holds', () => {
    fc.assert(fc.property(fc.json(), (text) => findJsonFault(text) === null));
  });

  it('agrees with the parser about damaged texts', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', '"', ':', '\\', '1', 'x', '\n', '{', '-', '.'),
      )
      .map(([text, at, mark]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + mark + text.slice(place + (mark === '' ? 1 : 0));
      });
    fc.assert(
      fc.property(damaged, (text) => (findJsonFault(text) === null) === isJson(text)),
      { numRuns: 3000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
