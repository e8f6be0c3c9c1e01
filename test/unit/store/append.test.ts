import { describe, expect, it } from 'vitest';

import { createStore } from '../../../src/lib/store/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';
import { createActive, destroy, suspend, wake } from '../../support/store-life.ts';

const open = () => createStore({ path: ':memory:' });

describe('appending an event', () => {
  it('returns the compute with the number of the event', () => {
    const store = open();
    expect(createActive(store, 'c1', 1000)).toMatchObject({ id: 'c1', state: 'active', seq: 2 });
    expect(store.getCompute('c1')).toMatchObject({ state: 'active', createdAtMs: 1000, seq: 2 });
    expect(store.listEvents({}).map(({ seq, atMs, computeId, event }) => [seq, atMs, computeId, event.type])).toEqual([
      [1, 1000, 'c1', 'createRequested'],
      [2, 1000, 'c1', 'started'],
    ]);
  });

  it('writes nothing when the lifecycle refuses', () => {
    const store = open();
    const before = createActive(store, 'c1', 1000);
    expect(() => store.append('c1', eventOf('restored'), 2000)).toThrow(
      expect.objectContaining({ code: 'STATE_CONFLICT' }),
    );
    expect(store.getCompute('c1')).toEqual(before);
    expect(store.listEvents({})).toHaveLength(2);
    expect(store.append('c1', eventOf('settingsChanged'), 3000).seq).toBe(3);
  });

  it('writes nothing when an event lacks the length of the segment it ends', () => {
    const store = open();
    const before = createActive(store, 'c1', 1000);
    expect(() => store.append('c1', eventOf('suspendRequested', { segmentLengthMs: null }), 2000)).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
    expect(store.getCompute('c1')).toEqual(before);
    expect(store.openSegment('c1')).toMatchObject({ id: 2, lengthMs: null });
    expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
  });

  it('knows nothing to do for a compute that was never created', () => {
    expect(() => open().append('c1', eventOf('suspended'), 1)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  it('keeps whole milliseconds whatever the clock gives', () => {
    const store = open();
    store.append('c1', eventOf('createRequested', { spec: specOf('c1') }), 1000.6);
    store.append('c1', eventOf('started', { segmentStartedAtMs: 1999.5 }), 2000.2);
    expect(store.getCompute('c1')).toMatchObject({ createdAtMs: 1001, stateSinceMs: 2000 });
    expect(store.openSegment('c1')?.startedAtMs).toBe(2000);
    expect(store.verify().isConsistent).toBe(true);
  });
});

describe('names', () => {
  it('are unique among the computes of a project that are not destroyed', () => {
    const store = open();
    createActive(store, 'c1', 1, { name: 'shop' });
    const again = eventOf('createRequested', { spec: specOf('c2', { name: 'shop' }) });
    expect(() => store.append('c2', again, 2)).toThrow(
      expect.objectContaining({ code: 'NAME_IN_USE', hint: 'doze compute show shop' }),
    );
    expect(store.getCompute('c2')).toBeNull();
    expect(store.listEvents({ computeId: 'c2' })).toEqual([]);
  });

  it('are free in another project, and again once destroyed', () => {
    const store = open();
    createActive(store, 'c1', 1, { name: 'shop' });
    createActive(store, 'c2', 2, { name: 'shop', project: 'other' });
    destroy(store, 'c1', 3, 2);
    createActive(store, 'c3', 4, { name: 'shop' });
    expect(store.findCompute('default', 'shop')?.id).toBe('c3');
    expect(store.findCompute('other', 'shop')?.id).toBe('c2');
  });

  it('cannot be taken back by a restore while another compute has them', () => {
    const store = open();
    createActive(store, 'c1', 1, { name: 'shop' });
    destroy(store, 'c1', 2, 1);
    createActive(store, 'c2', 3, { name: 'shop' });
    expect(() => store.append('c1', eventOf('restored'), 4)).toThrow(expect.objectContaining({ code: 'NAME_IN_USE' }));
    expect(store.getCompute('c1')?.state).toBe('destroyed');
  });
});

describe('finding computes', () => {
  it('finds nothing where there is nothing', () => {
    const store = open();
    expect(store.getCompute('c1')).toBeNull();
    expect(store.findCompute('default', 'shop')).toBeNull();
    expect(store.findRestorable('default', 'shop')).toBeNull();
    expect(store.openSegment('c1')).toBeNull();
    expect(store.listComputes()).toEqual([]);
  });

  it('finds the latest destroyed compute of a name whose data is kept', () => {
    const store = open();
    for (const [index, id] of ['c2', 'c1', 'c3'].entries()) {
      createActive(store, id, index * 100, { name: 'shop' });
      destroy(store, id, index * 100 + 50, 50);
    }
    store.append('c3', eventOf('purged'), 900);
    expect(store.findRestorable('default', 'shop')?.id).toBe('c1');
    expect(store.findDestroyed('default', 'shop')?.id).toBe('c3');
    expect(store.findDestroyed('default', 'shopping')).toBeNull();
    store.append('c1', eventOf('restored'), 1000);
    expect(store.findCompute('default', 'shop')).toMatchObject({ id: 'c1', state: 'suspended', depth: 'removed' });
    expect(store.findRestorable('default', 'shop')?.id).toBe('c2');
  });

  it('lists by project and name, without the destroyed unless asked for', () => {
    const store = open();
    createActive(store, 'c1', 1, { name: 'b' });
    createActive(store, 'c2', 2, { name: 'a' });
    createActive(store, 'c3', 3, { name: 'z', project: 'alpha' });
    createActive(store, 'c4', 4, { name: 'c' });
    suspend(store, 'c2', 5, 1);
    destroy(store, 'c4', 6, 1);
    const ids = (filter?: Parameters<typeof store.listComputes>[0]) => store.listComputes(filter).map(({ id }) => id);
    expect(ids()).toEqual(['c3', 'c2', 'c1']);
    expect(ids({ project: 'default' })).toEqual(['c2', 'c1']);
    expect(ids({ states: ['suspended'] })).toEqual(['c2']);
    expect(ids({ states: ['destroyed'] })).toEqual(['c4']);
    expect(ids({ project: 'default', includeDestroyed: true })).toEqual(['c2', 'c1', 'c4']);
  });

  it('lists those whose data is kept without the many whose data is gone', () => {
    const store = open();
    for (const [index, id] of ['c1', 'c2', 'c3'].entries()) createActive(store, id, index, { name: id });
    destroy(store, 'c1', 5, 1);
    destroy(store, 'c2', 6, 1);
    store.append('c2', eventOf('purged'), 7);
    const kept = store.listComputes({ onlyKept: true });
    expect(kept.map(({ id }) => id)).toEqual(['c1']);
    expect(store.listComputes({ onlyKept: true, project: 'alpha' })).toEqual([]);
  });
});

describe('the open segment', () => {
  it('is there while the compute is active', () => {
    const store = open();
    createActive(store, 'c1', 1000, { name: 'shop', project: 'p', size: { min: 0.25, max: 2, now: 0.75 } });
    expect(store.openSegment('c1')).toEqual({
      id: 2,
      computeId: 'c1',
      computeName: 'shop',
      project: 'p',
      cu: 0.75,
      startedAtMs: 1000,
      lengthMs: null,
      cause: 'create',
      depth: null,
    });
    suspend(store, 'c1', 2000, 900);
    expect(store.openSegment('c1')).toBeNull();
    wake(store, 'c1', 3000);
    expect(store.openSegment('c1')).toMatchObject({ startedAtMs: 3000, cause: 'wake' });
  });
});
