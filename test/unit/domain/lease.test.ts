import { describe, expect, it } from 'vitest';

import { checkLease, DEFAULT_LEASE_MS, leaseFrom, leaseWarningMs } from '../../../src/lib/domain/index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('a lease', () => {
  it('is an hour unless said otherwise, and counts from now', () => {
    expect(DEFAULT_LEASE_MS).toBe(60 * MINUTE_MS);
    expect(leaseFrom(1_000, DEFAULT_LEASE_MS)).toEqual({ lengthMs: 3_600_000, expiresAtMs: 3_601_000 });
  });

  it.each([1_000, MINUTE_MS, 30 * DAY_MS])('may be %i ms', (lengthMs) => {
    expect(checkLease(lengthMs)).toBe(lengthMs);
  });

  it.each([0, -1, 999, 30 * DAY_MS + 1, Number.NaN, Infinity])('cannot be %d ms', (lengthMs) => {
    expect(() => checkLease(lengthMs)).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }) as Error);
  });

  it.each([
    [12_000, 1_000],
    [60 * MINUTE_MS, 5 * MINUTE_MS],
    [30 * DAY_MS, 5 * MINUTE_MS],
  ])('of %i ms is warned of %i ms before its end', (lengthMs, warningMs) => {
    expect(leaseWarningMs({ lengthMs })).toBe(warningMs);
  });
});
