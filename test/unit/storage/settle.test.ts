import { describe, expect, it } from 'vitest';

import type { Verdict } from '../../../src/lib/domain/index.ts';
import { settle, type Settled } from '../../../src/lib/storage/settle.ts';

function verdictsOf(...looks: readonly Verdict[]): readonly Verdict[] {
  let settled: Settled | null = null;
  return looks.map((raw, index) => {
    settled = settle(settled, raw, index);
    return settled.verdict;
  });
}

describe('a verdict', () => {
  it('is that of the first look, and of the first that says anything', () => {
    expect(verdictsOf('unavailable')).toEqual(['unavailable']);
    expect(verdictsOf('unknown', 'healthy')).toEqual(['unknown', 'healthy']);
  });

  it('changes after two looks in one direction, whichever step of it they are', () => {
    expect(verdictsOf('healthy', 'unavailable', 'degraded', 'degraded')).toEqual([
      'healthy',
      'healthy',
      'degraded',
      'degraded',
    ]);
    expect(verdictsOf('unavailable', 'healthy', 'healthy')).toEqual(['unavailable', 'unavailable', 'healthy']);
  });

  it('stands through a flap', () => {
    expect(verdictsOf('healthy', 'unavailable', 'healthy', 'unavailable', 'healthy')).toEqual(
      Array.from({ length: 5 }, () => 'healthy'),
    );
  });

  it('keeps since when it stands', () => {
    const first = settle(null, 'healthy', 10);
    const flapped = settle(settle(first, 'degraded', 20), 'healthy', 30);
    expect(flapped).toEqual({ verdict: 'healthy', sinceMs: 10, against: null });
    expect(settle(settle(flapped, 'degraded', 40), 'degraded', 50)).toMatchObject({ verdict: 'degraded', sinceMs: 50 });
  });
});
