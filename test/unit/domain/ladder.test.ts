import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DEPTHS,
  dueRung,
  fitLadder,
  formatLadder,
  HOST_KINDS,
  HOST_LADDERS,
  hostKindOf,
  isDeeper,
  parseLadder,
  withFirstRung,
  checkLadder,
  describeLadder,
  nextRung,
  nextStep,
  type Ladder,
} from '../../../src/lib/domain/index.ts';

const M = 60_000;
const THREE = parseLadder('hibernated:5m,parked:1h,stopped:24h');

const anyLadder: fc.Arbitrary<Ladder> = fc
  .tuple(
    fc.subarray([...DEPTHS], { minLength: 1 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 5 }),
  )
  .map(([depths, seconds]) => {
    const sorted = seconds.toSorted((a, b) => a - b);
    return depths.map((depth, index) => ({ depth, afterMs: (sorted[index] ?? 1) * 1000 }));
  });
const anyDepths = fc.subarray([...DEPTHS], { minLength: 1 });

describe('a ladder', () => {
  it('is read from a line, and written as one', () => {
    expect(THREE).toEqual([
      { depth: 'hibernated', afterMs: 5 * M },
      { depth: 'parked', afterMs: 60 * M },
      { depth: 'stopped', afterMs: 24 * 60 * M },
    ]);
    expect(parseLadder('never')).toEqual([]);
    expect(parseLadder(' frozen : 90s ')).toEqual([{ depth: 'frozen', afterMs: 90_000 }]);
    expect(formatLadder([])).toBe('never');
    expect(describeLadder(THREE)).toBe('hibernated after 5 min without use, parked after 1 h, stopped after 1 d');
    fc.assert(
      fc.property(anyLadder, (ladder) => {
        expect(parseLadder(formatLadder(ladder))).toEqual(ladder);
      }),
    );
  });

  it.each([
    ['', '"" is not DEPTH:DURATION'],
    ['parked', '"parked" is not DEPTH:DURATION'],
    ['parked:1m:2m', '"parked:1m:2m" is not DEPTH:DURATION'],
    ['parked:1m,', '"" is not DEPTH:DURATION'],
    ['parked:10ms', 'parked:10ms is sooner than a second'],
    ['stopped:1m,parked:2m', '"parked" is not deeper than "stopped"'],
    ['parked:1m,parked:2m', '"parked" is not deeper than "parked"'],
    ['frozen:5m,parked:5m', 'parked:5m is not later than frozen:5m'],
    ['frozen:2h,parked:5m', 'parked:5m is not later than frozen:2h'],
  ])('that makes no sense is refused: %s', (text, message) => {
    expect(() => parseLadder(text)).toThrow(`not a ladder: ${message}`);
  });

  it.each([
    ['asleep:5m', '"asleep" is not a depth'],
    ['parked:soon', '"soon" is not a duration'],
  ])('says what of a rung is wrong: %s', (text, message) => {
    expect(() => parseLadder(text)).toThrow(message);
  });

  it('may have another first rung, and keeps below it what is still deeper and later', () => {
    expect(formatLadder(withFirstRung(THREE, { afterMs: 30_000 }))).toBe('hibernated:30s,parked:1h,stopped:1d');
    expect(formatLadder(withFirstRung(THREE, { depth: 'parked' }))).toBe('parked:5m,stopped:1d');
    expect(formatLadder(withFirstRung(THREE, { afterMs: 120 * M }))).toBe('hibernated:2h,stopped:1d');
    expect(withFirstRung(THREE, { afterMs: null })).toEqual([]);
    expect(withFirstRung(THREE, {})).toBe(THREE);
    expect(formatLadder(withFirstRung([], { afterMs: 10_000 }))).toBe('parked:10s');
    fc.assert(
      fc.property(anyLadder, fc.constantFrom(...DEPTHS), fc.integer({ min: 1000 }), (ladder, depth, afterMs) => {
        const changed = withFirstRung(ladder, { depth, afterMs });
        expect(changed[0]).toEqual({ depth, afterMs });
        checkLadder(changed);
      }),
    );
  });

  it('fits what a host has: what it lacks is the next deeper depth', () => {
    expect(formatLadder(fitLadder(THREE, ['frozen', 'parked', 'stopped', 'removed']))).toBe('parked:5m,stopped:1d');
    expect(formatLadder(fitLadder(THREE, ['frozen', 'parked']))).toBe('parked:5m');
    expect(formatLadder(fitLadder(THREE, ['removed']))).toBe('removed:5m');
    fc.assert(
      fc.property(anyLadder, anyDepths, (ladder, depths) => {
        const fitted = fitLadder(ladder, depths);
        checkLadder(fitted);
        for (const { depth } of fitted) expect(depths).toContain(depth);
        expect(fitted[0]?.afterMs).toBe(ladder[0]?.afterMs);
      }),
    );
  });

  it('is gone down a rung at a time, counted from when the last one was reached', () => {
    expect(dueRung(THREE, { depth: 'hibernated', sleptMs: 54 * M })).toBeNull();
    expect(dueRung(THREE, { depth: 'hibernated', sleptMs: 55 * M })?.depth).toBe('parked');
    expect(dueRung(THREE, { depth: 'parked', sleptMs: 22 * 60 * M })).toBeNull();
    expect(dueRung(THREE, { depth: 'parked', sleptMs: 23 * 60 * M })?.depth).toBe('stopped');
    expect(dueRung(THREE, { depth: 'stopped', sleptMs: Infinity })).toBeNull();
    // Suspended by hand to a depth that is above the ladder.
    expect(dueRung(THREE, { depth: 'frozen', sleptMs: 5 * M })?.depth).toBe('hibernated');
    // After a long time without anybody to walk it down.
    expect(dueRung(THREE, { depth: 'hibernated', sleptMs: 30 * 60 * M })?.depth).toBe('stopped');
  });

  it('is never gone up, and ends at its lowest rung', () => {
    fc.assert(
      fc.property(anyLadder, fc.constantFrom(...DEPTHS), fc.nat(), (ladder, depth, sleptMs) => {
        const due = dueRung(ladder, { depth, sleptMs });
        if (due !== null) expect(isDeeper(due.depth, depth)).toBe(true);
        const next = nextRung(ladder, depth);
        const step = nextStep(ladder, depth);
        expect(step?.depth).toBe(next?.depth);
        if (step !== null) expect(dueRung(ladder, { depth, sleptMs: step.sleptMs })?.depth).toBe(step.depth);
        if (step !== null) expect(dueRung(ladder, { depth, sleptMs: step.sleptMs - 1 })).toBeNull();
        expect(next === null).toBe(!ladder.some((rung) => isDeeper(rung.depth, depth)));
        // Sooner or later it gets where the ladder ends.
        const last = ladder.at(-1);
        const end = dueRung(ladder, { depth, sleptMs: Number.MAX_SAFE_INTEGER });
        if (next !== null) expect(end).toEqual(last);
      }),
    );
  });

  it('has a default for every kind of host', () => {
    for (const kind of HOST_KINDS) expect(checkLadder(HOST_LADDERS[kind]).length).toBeGreaterThan(0);
    expect(hostKindOf({ isCi: true, hasBattery: true })).toBe('ci');
    expect(hostKindOf({ isCi: false, hasBattery: true })).toBe('laptop');
    expect(hostKindOf({ isCi: false, hasBattery: false })).toBe('server');
  });
});
