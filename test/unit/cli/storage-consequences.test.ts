import { describe, expect, it } from 'vitest';

import type { StorageView } from '../../../src/lib/api/client/index.ts';
import { consequencesOf } from '../../../src/lib/cli/views/storage-consequences.ts';

const COMPUTES: StorageView['computes'] = [
  { project: 'default', name: 'blog', state: 'suspended' },
  { project: 'default', name: 'shop', state: 'active' },
  { project: 'default', name: 'wiki', state: 'failed' },
];

function consequences(verdict: StorageView['verdict'], kind: StorageView['kind'], computes = COMPUTES): string[] {
  return consequencesOf({ verdict, kind, computes } as StorageView);
}

describe('what a verdict means for the computes', () => {
  it.each(['healthy', 'degraded'] as const)('is nothing to worry about while it is %s', (verdict) => {
    expect(consequences(verdict, 'safekeepers')).toEqual(['running on it: shop', 'can wake on it: blog, wiki']);
  });

  it('is a risk for those that run and a barrier for those that sleep once a quorum is gone', () => {
    expect(consequences('unavailable', 'safekeepers')).toEqual([
      'at risk (goes on, but what it commits may be lost): shop',
      'cannot wake until it is back: blog, wiki',
    ]);
  });

  it('is another risk without the Page Server', () => {
    expect(consequences('unavailable', 'pageServer')[0]).toBe(
      'at risk (goes on, but cannot read what it has not cached): shop',
    );
  });

  it('is said to be unknown when nobody knows', () => {
    expect(consequences('unknown', 'pageServer')).toEqual([
      'running, nobody knows how safely: shop',
      'cannot wake until it has been seen: blog, wiki',
    ]);
  });

  it('is not said of nobody', () => {
    expect(consequences('unavailable', 'pageServer', [])).toEqual([]);
  });

  it('names the project where there are several, and stays a line with many', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      project: index === 0 ? 'other' : 'default',
      name: `c${index}`,
      state: 'suspended' as const,
    }));
    expect(consequences('unavailable', 'pageServer', many)).toEqual([
      'cannot wake until it is back: other/c0, default/c1, default/c2, default/c3, default/c4, default/c5 and 34 more',
    ]);
  });
});
