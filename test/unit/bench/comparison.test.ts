import { describe, expect, it } from 'vitest';

import { total } from '../../bench/framework/alternate.ts';
import { breakDown, compare, type Goal } from '../../bench/framework/comparison.ts';

const series = (name: string, values: readonly number[]) => ({ name, samples: values.map(total) });

function judged(goal: Goal): boolean {
  const measured = series('doze', [12, 13, 30]);
  const baseline = series('bare', [10, 10, 10]);
  return compare({ label: '', unit: 'ms', measured, baseline, goals: [goal] }).goals[0]!.isMet;
}

describe('a comparison', () => {
  it('holds the ratio of each round, not of the sums', () => {
    const { ratio } = compare({
      label: 'docker',
      unit: 'ms',
      measured: series('doze', [2, 30, 4]),
      baseline: series('bare', [1, 10, 4]),
    });
    expect(ratio).toEqual({ count: 3, min: 1, median: 2, p95: 3, p99: 3 });
  });

  it.each<[Goal, boolean]>([
    [{ of: 'ratio', at: 'median', is: 'atMost', limit: 1.3 }, true],
    [{ of: 'ratio', at: 'median', is: 'atMost', limit: 1.2 }, false],
    [{ of: 'ratio', at: 'p99', is: 'atMost', limit: 2.5 }, false],
    [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 1.3 }, true],
    [{ of: 'ratio', at: 'median', is: 'atLeast', limit: 1.4 }, false],
    [{ of: 'difference', at: 'median', is: 'atMost', limit: 3 }, true],
    [{ of: 'difference', at: 'p99', is: 'atMost', limit: 3 }, false],
    [{ of: 'measured', at: 'median', is: 'atMost', limit: 13 }, true],
    [{ of: 'measured', at: 'p99', is: 'atMost', limit: 29 }, false],
  ])('is held against the goal %o: %s', (goal, isMet) => {
    expect(judged(goal)).toBe(isMet);
  });
});

describe('a breakdown', () => {
  it('sums up each part over the samples that have it', () => {
    const samples = [
      { total: 3, parts: { queue: 1, server: 2 } },
      { total: 5, parts: { queue: 3 } },
    ];
    const { parts } = breakDown('wake', 'ms', samples);
    expect(parts['queue']).toMatchObject({ count: 2, median: 2 });
    expect(parts['server']).toMatchObject({ count: 1, median: 2 });
  });
});
