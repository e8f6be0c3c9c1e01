import { describe, expect, it } from 'vitest';

import { createStore, type EventFilter } from '../../../src/lib/store/index.ts';
import { createActive, suspend } from '../../support/store-life.ts';

/** Events 1 to 8: created and started, twice, then suspended, twice. */
function filled() {
  const store = createStore({ path: ':memory:' });
  createActive(store, 'c1', 100, { name: 'shop', project: 'a' });
  createActive(store, 'c2', 200, { name: 'blog', project: 'b' });
  suspend(store, 'c1', 300, 10);
  suspend(store, 'c2', 400, 10);
  return store;
}

describe('listing events', () => {
  it.each<[string, EventFilter, number[]]>([
    ['all, oldest first', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['those of a compute', { computeId: 'c1' }, [1, 2, 5, 6]],
    ['those of a project', { project: 'b' }, [3, 4, 7, 8]],
    ['those of some types', { types: ['started', 'suspended'] }, [2, 4, 6, 8]],
    ['none for no types', { types: [] }, []],
    ['those after one', { afterSeq: 6 }, [7, 8]],
    ['the newest, still oldest first', { limit: 3 }, [6, 7, 8]],
    ['the next ones after one', { afterSeq: 2, limit: 3 }, [3, 4, 5]],
    ['all conditions together', { computeId: 'c2', project: 'b', types: ['suspendRequested'], limit: 5 }, [7]],
    ['none when nothing fits', { computeId: 'c1', project: 'b' }, []],
  ])('gives %s', (_, filter, expected) => {
    expect(
      filled()
        .listEvents(filter)
        .map(({ seq }) => seq),
    ).toEqual(expected);
  });

  it('gives an event back as it was written', () => {
    const [event] = filled().listEvents({ types: ['suspendRequested'], limit: 1 });
    expect(event).toEqual({
      seq: 7,
      atMs: 400,
      computeId: 'c2',
      computeName: 'blog',
      project: 'b',
      event: { type: 'suspendRequested', depth: 'parked', reason: 'idle', segmentLengthMs: 10 },
    });
  });
});
