import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LEAST_IDLE_MS, planPressure, type IdleCompute } from '../../../src/lib/control/plan-pressure.ts';
import type { Compute } from '../../../src/lib/domain/index.ts';

const GIB = 1024 ** 3;
const TIGHT = { totalBytes: 16 * GIB, availableBytes: GIB };
const ROOMY = { totalBytes: 16 * GIB, availableBytes: 8 * GIB };

function idle(id: string, idleMs: number): IdleCompute {
  return { compute: { id } as Compute, idleMs, nextDepth: 'parked' };
}

describe('a host short of memory', () => {
  it('takes the longest idle compute deeper first', () => {
    const found = planPressure(TIGHT, 0.1, [idle('a', 60_000), idle('b', 90_000), idle('c', 40_000)]);
    expect(found?.compute.id).toBe('b');
  });

  it('leaves alone what was used a moment ago', () => {
    expect(planPressure(TIGHT, 0.1, [idle('a', LEAST_IDLE_MS - 1)])).toBeNull();
  });

  it('does nothing while there is enough, or nothing to be kept', () => {
    expect(planPressure(ROOMY, 0.1, [idle('a', 90_000)])).toBeNull();
    expect(planPressure(TIGHT, 0, [idle('a', 90_000)])).toBeNull();
  });

  it('chooses the same whatever order they come in', () => {
    const some = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1 }), idleMs: fc.nat(200_000) }), {
      selector: ({ id }) => id,
    });
    fc.assert(
      fc.property(some, (computes) => {
        const all = computes.map(({ id, idleMs }) => idle(id, idleMs));
        const found = planPressure(TIGHT, 0.5, all);
        expect(planPressure(TIGHT, 0.5, all.toReversed())).toEqual(found);
        const longest = Math.max(...all.map(({ idleMs }) => idleMs));
        expect(found?.idleMs ?? null).toBe(longest >= LEAST_IDLE_MS ? longest : null);
      }),
    );
  });
});
