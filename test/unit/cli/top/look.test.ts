import { describe, expect, it } from 'vitest';

import type { TopView } from '../../../../src/lib/api/client/index.ts';
import { compareLooks } from '../../../../src/lib/cli/top/look.ts';
import { topEntry, TOP_AT } from '../../../support/top-entries.ts';

const view = (...counts: [name: string, queries: number][]): TopView => ({
  at: TOP_AT,
  hosts: [],
  computes: counts.map(([name, queries]) => topEntry(name, { queries })),
});

const ratesOf = (...args: Parameters<typeof compareLooks>): (number | null)[] =>
  compareLooks(...args).computes.map(({ queriesPerSecond }) => queriesPerSecond);

describe('queries per second', () => {
  it('are what came between two looks, to a tenth', () => {
    expect(ratesOf(view(['a', 100], ['b', 7]), view(['a', 350], ['b', 7]), 2_000)).toEqual([125, 0]);
    expect(ratesOf(view(['a', 0]), view(['a', 1]), 3_000)).toEqual([0.3]);
  });

  it('are not known at the first look', () => {
    expect(ratesOf(null, view(['a', 100]), 0)).toEqual([null]);
  });

  it('are not known when the counting began anew, nor without time in between', () => {
    expect(ratesOf(view(['a', 100]), view(['a', 5]), 1_000)).toEqual([null]);
    expect(ratesOf(view(['a', 100]), view(['a', 105]), 0)).toEqual([null]);
  });

  it('of a compute that is new are all that it ever had', () => {
    expect(ratesOf(view(), view(['a', 50]), 1_000)).toEqual([50]);
  });
});
