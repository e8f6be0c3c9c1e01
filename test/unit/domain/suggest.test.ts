import { describe, expect, it } from 'vitest';

import { editDistance, suggest } from '../../../src/lib/domain/suggest.ts';

describe('a suggestion', () => {
  const verbs = ['start', 'suspend', 'resume', 'restart', 'list', 'show'];

  it.each([
    ['strat', 'start'],
    ['lst', 'list'],
    ['suspned', 'suspend'],
    ['resum', 'resume'],
    ['res', 'resume'],
  ])('for %s is %s', (typed, meant) => {
    expect(suggest(typed, verbs)).toBe(meant);
  });

  it('is not made for what resembles nothing', () => {
    expect(suggest('frobnicate', verbs)).toBeNull();
    expect(suggest('x', verbs)).toBeNull();
  });
});

describe('the distance between two words', () => {
  it('counts a swap of neighbours as one mistake', () => {
    expect(editDistance('strat', 'start')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('abc', 'abc')).toBe(0);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});
