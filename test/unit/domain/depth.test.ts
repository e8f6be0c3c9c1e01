import { describe, expect, it } from 'vitest';

import { DEPTHS, isDeeper, keepsProcess, parseDepth } from '../../../src/lib/domain/index.ts';

describe('depths', () => {
  it('are ordered from frozen to removed', () => {
    for (const [a, depth] of DEPTHS.entries()) {
      for (const [b, other] of DEPTHS.entries()) expect(isDeeper(depth, other), `${depth} ${other}`).toBe(a > b);
    }
  });

  it.each([
    ['frozen', true],
    ['hibernated', true],
    ['parked', false],
    ['stopped', false],
    ['removed', false],
  ] as const)('%s keeps the server process: %s', (depth, keeps) => {
    expect(keepsProcess(depth)).toBe(keeps);
  });

  it('are read by their names', () => {
    for (const depth of DEPTHS) expect(parseDepth(depth)).toBe(depth);
  });

  it.each(['', 'Parked', 'deep', 'frozen '])('refuses "%s" and says which there are', (text) => {
    expect(() => parseDepth(text)).toThrow(
      expect.objectContaining({ code: 'DEPTH_INVALID', hint: `choose one of ${DEPTHS.join(', ')}` }),
    );
  });
});
