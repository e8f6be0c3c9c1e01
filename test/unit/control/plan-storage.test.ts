import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { storageSpan, type Instant } from '../../../src/lib/control/plan-storage.ts';
import type { StorageLevel } from '../../../src/lib/store/index.ts';

const HOUR_MS = 3_600_000;
const BEGIN: Instant = { wallMs: Date.UTC(2026, 0, 31, 23, 30), monotonicMs: 5000.25, bootId: 'one' };

function level(bytes: number, at: Instant & { readonly remainder?: number } = BEGIN): StorageLevel {
  return { computeId: 'c1', dataBytes: bytes, bytes, remainder: 0, ...at };
}

function later(ms: number, at: Instant = BEGIN): Instant {
  return { ...at, wallMs: at.wallMs + ms, monotonicMs: at.monotonicMs + ms };
}

describe('what data comes to that was kept for a time', () => {
  it('is cut at the hours, and so at months', () => {
    expect(storageSpan(level(1000), later(HOUR_MS + 500)).hours).toEqual([
      { hourMs: Date.UTC(2026, 0, 31, 23), byteSeconds: 1_800_000n },
      { hourMs: Date.UTC(2026, 1, 1), byteSeconds: 1_800_500n },
    ]);
  });

  it('is the same however the time is split, to the last byte-millisecond', () => {
    const pauses = fc.array(fc.double({ min: 0, max: 5 * HOUR_MS, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(10 ** 15), pauses, (bytes, waits) => {
        let sum = 0n;
        let at: Instant & { readonly remainder: number } = { ...BEGIN, remainder: 0 };
        let now: Instant = BEGIN;
        for (const ms of waits) {
          now = later(ms, now);
          const { hours, end } = storageSpan(level(bytes, at), now);
          for (const { byteSeconds } of hours) sum += byteSeconds;
          at = end;
        }
        const wholeMs = BigInt(Math.floor(at.monotonicMs - BEGIN.monotonicMs));
        expect(sum * 1000n + BigInt(at.remainder)).toBe(BigInt(bytes) * wholeMs);
        expect(now.monotonicMs - at.monotonicMs).toBeLessThan(1.001);
      }),
    );
  });

  it('goes by the clock that does not jump', () => {
    const jumped = { ...later(60_000), wallMs: BEGIN.wallMs + 30 * 24 * HOUR_MS };
    expect(storageSpan(level(1000), jumped).hours).toEqual([
      { hourMs: Date.UTC(2026, 0, 31, 23), byteSeconds: 60_000n },
    ]);
    const back = { ...later(60_000), wallMs: BEGIN.wallMs - 30 * 24 * HOUR_MS };
    expect(storageSpan(level(1000), back)).toMatchObject({ hours: [{ byteSeconds: 60_000n }], end: back });
  });

  it('goes by the wall clock where the machine was off meanwhile, and is never negative', () => {
    const booted = { wallMs: BEGIN.wallMs + 90_000, monotonicMs: 12, bootId: 'two' };
    expect(storageSpan(level(1000), booted)).toEqual({
      hours: [{ hourMs: Date.UTC(2026, 0, 31, 23), byteSeconds: 90_000n }],
      end: { ...booted, remainder: 0 },
    });
    const early = { ...booted, wallMs: BEGIN.wallMs - 5 };
    expect(storageSpan(level(1000), early)).toEqual({ hours: [], end: { ...early, remainder: 0 } });
  });
});
