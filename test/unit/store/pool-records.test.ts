import { describe, expect, it } from 'vitest';

import type { Spare } from '../../../src/lib/domain/index.ts';
import { createStore } from '../../../src/lib/store/index.ts';

const SPARE: Spare = {
  id: 'c1',
  pool: null,
  engine: 'mariadb',
  engineVersion: '10.11',
  driver: 'docker',
  image: 'doze/mariadb:10.11',
  recipe: 'r',
  cu: 0.5,
  state: 'making',
  createdAtMs: 2,
};

describe('the records of the warm pool', () => {
  it('keep one size for each image, the one that nobody named among them', () => {
    const store = createStore({ path: ':memory:' });
    store.putPool({ image: 'mariadb:11.4', size: 1 });
    store.putPool({ image: null, size: 1 });
    store.putPool({ image: null, size: 3 });
    expect(store.listPools()).toEqual([
      { image: null, size: 3 },
      { image: 'mariadb:11.4', size: 1 },
    ]);
    store.putPool({ image: null, size: 0 });
    expect(store.listPools()).toEqual([{ image: 'mariadb:11.4', size: 1 }]);
  });

  it('keep each spare once, oldest first', () => {
    const store = createStore({ path: ':memory:' });
    store.putSpare(SPARE);
    store.putSpare({ ...SPARE, id: 'c0', createdAtMs: 1 });
    store.putSpare({ ...SPARE, state: 'ready' });
    expect(store.listSpares().map(({ id, state }) => [id, state])).toEqual([
      ['c0', 'making'],
      ['c1', 'ready'],
    ]);
    store.deleteSpare('c0');
    store.deleteSpare('c0');
    expect(store.listSpares()).toEqual([{ ...SPARE, state: 'ready' }]);
  });
});
