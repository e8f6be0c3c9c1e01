import { describe, expect, it } from 'vitest';

import { memoryBytes, parseSize, parseSizeRange } from '../../../src/lib/domain/index.ts';

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

  it.each([
    ['0.25-2', { min: 0.25, max: 2 }],
    ['0.5', { min: 0.5, max: 0.5 }],
    [' 1 - 64 ', { min: 1, max: 64 }],
    ['1-1', { min: 1, max: 1 }],
  ])('reads "%s" as a range', (text, range) => {
    expect(parseSizeRange(text)).toEqual(range);
  });

  it.each(['2-0.25', '0-1', '0.25-', '-2', '0.25-2-4', '0.3-1', '0.25-65', '', '-', 'a-b'])(
    'refuses the range "%s"',
    (text) => {
      expect(() => parseSizeRange(text)).toThrow(expect.objectContaining({ code: 'SIZE_INVALID' }));
    },
  );

  it('says which way round a range goes', () => {
    expect(() => parseSizeRange('2-0.25')).toThrow(
      expect.objectContaining({ message: '"2-0.25" is not a range: 2 is more than 0.25' }),
    );
  });

  it('gives 4 GiB for each unit', () => {
    expect([memoryBytes(0.25), memoryBytes(2)]).toEqual([1024 ** 3, 8 * 1024 ** 3]);
  });
});
