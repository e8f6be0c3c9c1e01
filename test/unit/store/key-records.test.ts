import { describe, expect, it } from 'vitest';

import { createStore, type KeptKey } from '../../../src/lib/store/index.ts';

function key(scope: string, atMs: number): KeptKey {
  return { scope, fingerprint: 'f', operation: 'o', atMs, outcome: null };
}

describe('keys of requests', () => {
  it('are kept until they are replaced, forgotten or too old', () => {
    const store = createStore({ path: ':memory:' });
    store.putKey(key('a', 1000), 0);
    store.putKey({ ...key('a', 1000), outcome: '{}' }, 0);
    store.putKey(key('b', 2000), 0);
    expect(store.findKey('a', 0)).toEqual({ ...key('a', 1000), outcome: '{}' });
    expect(store.findKey('a', 1001)).toBeNull();
    store.forgetKey('b');
    expect(store.findKey('b', 0)).toBeNull();
    store.putKey(key('c', 3000), 1500);
    expect(store.findKey('a', 0)).toBeNull();
    store.close();
  });

  it('are at most ten thousand, the newest', () => {
    const store = createStore({ path: ':memory:' });
    for (let count = 0; count < 10_003; count += 1) store.putKey(key(String(count), count), 0);
    expect([2, 3, 10_002].map((count) => store.findKey(String(count), 0) === null)).toEqual([true, false, false]);
    store.close();
  });
});
