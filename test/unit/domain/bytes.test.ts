import { describe, expect, it } from 'vitest';

import { parseBytes } from '../../../src/lib/domain/index.ts';

describe('a size in bytes', () => {
  it.each([
    ['0', 0],
    ['4096', 4096],
    ['10GiB', 10 * 1024 ** 3],
    ['10 gib', 10 * 1024 ** 3],
    ['1.5T', 1.5 * 1024 ** 4],
    ['500MB', 500e6],
    ['1kB', 1000],
    ['7b', 7],
  ])('%s is %d', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'GiB', '-1', '1e3', '10 GiBs', '9999999TiB', '1,5G'])('"%s" is none', (text) => {
    expect(() => parseBytes(text)).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
  });
});
