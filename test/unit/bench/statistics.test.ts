import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pairedDifferences, pairedRatios, summarise } from '../../bench/framework/statistics.ts';

describe('a summary of samples', () => {
  it('has the count, the least, the middle and the tail', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summarise(values)).toEqual({ count: 200, min: 1, median: 100.5, p95: 190, p99: 198 });
  });

  it('takes the middle one of an odd number', () => {
    expect(summarise([9, 1, 5]).median).toBe(5);
  });

  it('is the sample itself when there is only one', () => {
    expect(summarise([7])).toEqual({ count: 1, min: 7, median: 7, p95: 7, p99: 7 });
  });

  it('takes the largest for p99 when there are fewer than a hundred', () => {
    expect(summarise([1, 2, 3, 400]).p99).toBe(400);
  });

  it('is refused for no samples', () => {
    expect(() => summarise([])).toThrow('no samples');
  });

  it('is in order, whatever the samples, and does not touch them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
        const given = [...values];
        const { min, median, p95, p99 } = summarise(values);
        expect(values).toEqual(given);
        expect(min).toBe(Math.min(...values));
        expect(min).toBeLessThanOrEqual(median);
        expect(p95).toBeLessThanOrEqual(p99);
        expect(p99).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});

describe('paired samples', () => {
  it('are compared round by round, so that a slow round of both sides changes nothing', () => {
    expect(pairedRatios([10, 100, 10], [5, 50, 5])).toEqual([2, 2, 2]);
    expect(pairedDifferences([10, 100], [5, 50])).toEqual([5, 50]);
  });

  it('are refused when the sides have different numbers of them', () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow('cannot be paired');
  });
});
