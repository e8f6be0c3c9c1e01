import { describe, expect, it } from 'vitest';

import { memoryBytes, parseSize } from '../../../src/lib/domain/index.ts';

describe('sizes', () => {
  it.each([
    ['0.25', 0.25],
    ['0.5', 0.5],
    ['1', 1],
    [' 2 ', 2],
    ['64', 64],
  ])('reads "%s" as %d CU', (text, cu) => {
    expect(parseSize(text)).toBe(cu);
  });

  it.each(['', '0', '0.1', '0.3', '64.25', '-1', '1e1', '0x1', 'NaN', 'Infinity', '1 CU'])('refuses "%s"', (text) => {
    expect(() => parseSize(text)).toThrow(expect.objectContaining({ code: 'SIZE_INVALID' }));
  });

  it('gives 4 GiB for each unit', () => {
    expect([memoryBytes(0.25), memoryBytes(2)]).toEqual([1024 ** 3, 8 * 1024 ** 3]);
  });
});
