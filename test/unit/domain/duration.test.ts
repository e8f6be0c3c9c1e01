import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatDuration, parseDuration } from '../../../src/lib/domain/index.ts';

describe('durations', () => {
  it.each([
    ['90', 90_000],
    ['0', 0],
    ['1.5', 1500],
    ['250ms', 250],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['0.5h', 1_800_000],
    [' 5m ', 300_000],
  ])('reads "%s" as %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '-5m', '5 m', '5min', '5m!', 'm5', '1e3', '5M', 'never', '1..5s'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'DURATION_INVALID' }));
  });

  it('reads sums of parts', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999), (d, h, m, s, ms) => {
        const expected = (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms;
        expect(parseDuration(`${d}d${h}h${m}m${s}s${ms}ms`)).toBe(expected);
      }),
    );
  });

  it.each([
    [0, '0 ms'],
    [164.4, '164 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [2400, '2.4 s'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
    [172_800_000, '2 d'],
    [183_600_000, '2 d 3 h'],
  ])('writes %d ms as "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('never writes sixty of a unit that has a bigger one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 90_000_000, noNaN: true }), (ms) => {
        expect(formatDuration(ms)).not.toMatch(/\b(1000 ms|60 s|60 min|24 h)/);
      }),
    );
  });
});
