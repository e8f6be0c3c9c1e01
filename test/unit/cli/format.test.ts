import { describe, expect, it } from 'vitest';

import { formatAmount, formatBytes, formatCount, formatCu, formatInstant } from '../../../src/lib/cli/views/format.ts';
import { logText } from '../../../src/lib/cli/views/log-text.ts';

describe('figures for people', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [85_983_232, '82 MiB'],
    [4 * 1024 ** 3, '4 GiB'],
  ])('write %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('group thousands, count nouns, and drop zeros', () => {
    expect([formatCount(999), formatCount(1000), formatCount(1234567)]).toEqual(['999', '1,000', '1,234,567']);
    expect([formatAmount(1, 'wake'), formatAmount(2, 'wake')]).toEqual(['1 wake', '2 wakes']);
    expect([formatCu(0.25), formatCu(1)]).toEqual(['0.25 CU', '1 CU']);
  });

  it('write instants to the second and nothing for none', () => {
    expect(formatInstant('2026-01-01T00:00:00.123Z')).toBe('2026-01-01T00:00:00Z');
    expect(formatInstant(null)).toBe('');
  });
});

describe('a line of the log', () => {
  it('is a sentence with its facts', () => {
    const line = '{"level":30,"time":1767225600000,"pid":7,"name":"shop","msg":"compute started"}';
    expect(logText(line)).toBe('2026-01-01T00:00:00.000Z info  compute started name=shop');
  });

  it('stays as it is when it is not JSON', () => {
    expect(logText('panic: out of memory')).toBe('panic: out of memory');
  });
});
