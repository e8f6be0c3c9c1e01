import { describe, expect, it } from 'vitest';

import type { ComputeDetail } from '../../../src/lib/api/client/index.ts';
import { PLAIN } from '../../../src/lib/cli/colour.ts';
import { computeDetails } from '../../../src/lib/cli/views/index.ts';
import { DETAIL } from '../api/fake-services.ts';

const MIB = 1024 ** 2;

function lineOf(label: string, changes: Partial<ComputeDetail>): string | undefined {
  const lines = computeDetails({ ...DETAIL, ...changes }, Date.parse(DETAIL.stateSince), PLAIN).split('\n');
  return lines
    .find((line) => line.startsWith(`${label} `))
    ?.slice(label.length)
    .trim();
}

describe('the cache of a compute', () => {
  const cache = { bytes: 310 * MIB, capacityBytes: 1024 * MIB, isWarming: false, warmBytes: null };

  it.each([
    ['what it holds of what it may', cache, '310 MiB of 1 GiB'],
    ['the part that is back', { ...cache, isWarming: true, warmBytes: 500 * MIB }, '62 % of 500 MiB warm'],
    [
      'no more than nearly all before it is through',
      { ...cache, isWarming: true, warmBytes: 300 * MIB },
      '99 % of 300 MiB warm',
    ],
    ['what is back of an unknown amount', { ...cache, isWarming: true }, '310 MiB warm, more is coming back'],
  ])('is %s', (_what, facts, text) => {
    expect(lineOf('cache', { cache: facts })).toBe(text);
  });

  it('is not spoken of where it is not known', () => {
    expect(lineOf('cache', { cache: null })).toBeUndefined();
  });
});
