import { describe, expect, it } from 'vitest';

import { compareSights } from '../../../../src/lib/drivers/process/watch-instances.ts';

const SINCE_MS = 1000;
const up = { isUp: true, exit: null };
const endedAt = (atMs: number | null) => ({ isUp: false, exit: { atMs, code: 137, isOutOfMemory: false } });
const neverRan = { isUp: false, exit: null };

describe('two looks at an instance', () => {
  it.each([
    ['that runs as before', up, up],
    ['that was started', neverRan, up],
    ['that ended long before anybody watched', undefined, endedAt(SINCE_MS - 1)],
    ['that never ran', undefined, neverRan],
    ['that is as dead as before', endedAt(5), endedAt(5)],
    ['that was never there', undefined, undefined],
  ])('are no news of one %s', (_, before, now) => {
    expect(compareSights('c1', before, now, SINCE_MS)).toBeNull();
  });

  it.each([
    ['that ran', up, endedAt(2000)],
    ['that ran, and whose end nobody noted', up, endedAt(null)],
    ['that is seen for the first time and ended since we watch', undefined, endedAt(SINCE_MS)],
    ['that was started and ended between two looks', endedAt(5), endedAt(2000)],
  ])('tell the end of one %s', (_, before, now) => {
    expect(compareSights('c1', before, now, SINCE_MS)).toEqual({ computeId: 'c1', kind: 'ended', exit: now.exit });
  });

  it('tell that one was taken away', () => {
    expect(compareSights('c1', up, undefined, SINCE_MS)).toEqual({ computeId: 'c1', kind: 'removed', exit: null });
  });
});
