import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { maxClientDescriptor, readOpenFileLimit } from '../../../src/lib/agent/open-file-limit.ts';

describe('how many files may be open', () => {
  it('is what the shell says of a process started beside this one', () => {
    const soft = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
    expect(readOpenFileLimit('linux')).toBe(soft === 'unlimited' ? Infinity : Number(soft));
  });

  it('is not known where the system has no file that tells it', () => {
    expect(readOpenFileLimit('darwin')).toBe(Infinity);
  });

  it.each([
    [20_000, 18_000],
    [1_024, 921],
    [64, 32],
    [16, 0],
    [Infinity, Infinity],
  ])('of %d leaves clients those up to number %d', (limit, highest) => {
    expect(maxClientDescriptor(limit)).toBe(highest);
  });
});
