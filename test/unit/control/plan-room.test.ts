import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  fittingCu,
  growableCu,
  LEAST_IDLE_FOR_ROOM_MS,
  planRoom,
  planTurns,
  waitSentence,
  type Need,
} from '../../../src/lib/control/plan-room.ts';
import type { IdleCompute } from '../../../src/lib/control/plan-pressure.ts';
import type { Compute } from '../../../src/lib/domain/index.ts';

const fixed = (cu: number): Need => ({ leastCu: cu, mostCu: cu });
const cus = fc.integer({ min: 1, max: 16 }).map((quarters) => quarters / 4);
const needs = fc.array(
  fc.tuple(cus, cus).map(([one, other]) => ({ leastCu: Math.min(one, other), mostCu: Math.max(one, other) })),
  { maxLength: 12 },
);

function idle(id: string, idleMs: number, now = 0.5): IdleCompute {
  return { compute: { id, size: { min: now, max: now, now } } as Compute, idleMs, nextDepth: 'parked' };
}

describe('the size that a start gets', () => {
  it('is all that it takes, if that is there', () => {
    expect(fittingCu(2, fixed(0.5))).toBe(0.5);
    expect(fittingCu(Number.POSITIVE_INFINITY, { leastCu: 0.25, mostCu: 4 })).toBe(4);
  });

  it('is what is left, where that is enough to begin with', () => {
    expect(fittingCu(0.75, { leastCu: 0.25, mostCu: 2 })).toBe(0.75);
  });

  it('is nothing where the least is not there', () => {
    expect(fittingCu(0.25, fixed(0.5))).toBeNull();
    expect(fittingCu(-3, { leastCu: 0.25, mostCu: 2 })).toBeNull();
  });
});

describe('whose turn it is', () => {
  it('is that of those in front, as far as there is room', () => {
    expect(planTurns(1, [fixed(0.5), fixed(0.5), fixed(0.25)])).toEqual([0.5, 0.5]);
  });

  it('is nobody’s while the first does not fit, however small the others are', () => {
    expect(planTurns(1, [fixed(2), fixed(0.25)])).toEqual([]);
  });

  it('never gives more than there is, passes nobody, and leaves no first that would fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8, max: 40 }), needs, (quarters, waiting) => {
        const freeCu = quarters / 4;
        const turns = planTurns(freeCu, waiting);
        const given = turns.reduce((sum, cu) => sum + cu, 0);
        expect(given).toBeLessThanOrEqual(Math.max(0, freeCu));
        turns.forEach((cu, at) => {
          expect(cu).toBeGreaterThanOrEqual(waiting[at]!.leastCu);
          expect(cu).toBeLessThanOrEqual(waiting[at]!.mostCu);
        });
        const next = waiting[turns.length];
        if (next !== undefined) expect(next.leastCu).toBeGreaterThan(freeCu - given);
      }),
    );
  });
});

describe('growing', () => {
  it('is bounded by what is left', () => {
    expect(growableCu(0.5, 2, { freeCu: 4, isAwaited: false })).toBe(2);
    expect(growableCu(0.5, 2, { freeCu: 1, isAwaited: false })).toBe(1.5);
    expect(growableCu(0.5, 2, { freeCu: 0, isAwaited: false })).toBe(0.5);
    expect(growableCu(0.5, 2, { freeCu: -2, isAwaited: false })).toBe(0.5);
  });

  it('comes after those that wait to start', () => {
    expect(growableCu(0.5, 2, { freeCu: 4, isAwaited: true })).toBe(0.5);
  });

  it('is none where it becomes smaller', () => {
    expect(growableCu(2, 0.5, { freeCu: -2, isAwaited: true })).toBe(0.5);
  });
});

describe('making room', () => {
  it('takes the longest idle down, and no more than it takes', () => {
    const found = planRoom(0.75, [idle('a', 5_000), idle('b', 9_000), idle('c', 7_000)]);
    expect(found.map(({ compute }) => compute.id)).toEqual(['b', 'c']);
  });

  it('takes nobody down when there is room already', () => {
    expect(planRoom(0, [idle('a', 9_000)])).toEqual([]);
  });

  it('leaves alone what was used a moment ago', () => {
    expect(planRoom(1, [idle('a', LEAST_IDLE_FOR_ROOM_MS - 1)])).toEqual([]);
  });
});

describe('what who waits is told', () => {
  it('is for how much, what is in use, and how many come before', () => {
    expect(waitSentence(fixed(0.5), { awakeCu: 2, limitCu: 2, before: 1 })).toBe(
      'waits for 0.5 CU: 2 of 2 CU are awake, 1 before it',
    );
    expect(waitSentence(fixed(0.5), { awakeCu: 2, limitCu: 2, before: 0 })).toBe(
      'waits for 0.5 CU: 2 of 2 CU are awake',
    );
  });
});
