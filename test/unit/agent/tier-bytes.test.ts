import { describe, expect, it } from 'vitest';

import { tierBytes } from '../../../src/lib/agent/services/tier-bytes.ts';
import type { Compute } from '../../../src/lib/domain/index.ts';
import type { StorageWatch } from '../../../src/lib/storage/index.ts';

const SHOP = { name: 'shop', storage: { pageServer: 'ps', safekeepers: 'sk' } } as Compute;
const BLOG = { ...SHOP, name: 'blog' };
const ON_VOLUME = { name: 'wiki' } as Compute;

function watchThatSaw(outcome: object | null): StorageWatch {
  const last = outcome === null ? null : { outcome };
  const health = () => ({ endpoints: [{ last }] });
  return { find: (name: string) => (name === 'ps' ? { health } : null) } as unknown as StorageWatch;
}

function answered(diskUsageBytes: number | null): object {
  return { kind: 'answered', facts: { kind: 'pageServer', diskUsageBytes } };
}

describe('what the storage tier says that a compute takes', () => {
  it('is the figure of its Page Server where it is alone on it', () => {
    expect(tierBytes(watchThatSaw(answered(4096)), [SHOP, ON_VOLUME], SHOP)).toBe(4096);
  });

  it.each([
    ['it shares the Page Server', answered(4096), [SHOP, BLOG], SHOP],
    ['the flavour has no figure', answered(null), [SHOP], SHOP],
    ['the Page Server does not answer', { kind: 'failed' }, [SHOP], SHOP],
    ['nobody has looked yet', null, [SHOP], SHOP],
    ['it is not on the tier', answered(4096), [ON_VOLUME], ON_VOLUME],
  ])('is unknown where %s', (_why, outcome, computes, compute) => {
    expect(tierBytes(watchThatSaw(outcome), computes, compute)).toBeNull();
  });
});
