import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';
import { createActive, suspend, wake } from '../../support/store-life.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

function withTwo(run: (one: Store, two: Store, path: string) => void): void {
  using directory = createTemporaryDirectory();
  const path = `${directory.path}/doze.db`;
  const one = createStore({ path, busyTimeoutMs: 20 });
  const two = createStore({ path, busyTimeoutMs: 20 });
  try {
    run(one, two, path);
  } finally {
    one.close();
    two.close();
  }
}

describe('two handles on one database', () => {
  it('have the same home', () => {
    withTwo((one, two) => {
      expect(two.homeId).toBe(one.homeId);
      expect(one.homeId).toMatch(/^[0-9a-f]{8}$/);
    });
  });

  it('see what the other wrote at once', () => {
    withTwo((one, two) => {
      expect(two.listComputes()).toEqual([]);
      const created = createActive(one, 'c1', 1000);
      expect(two.getCompute('c1')).toEqual(created);
      expect(two.findCompute('default', 'c1')).toEqual(created);
      const asleep = suspend(two, 'c1', 2000, 1000);
      expect(one.getCompute('c1')).toEqual(asleep);
      expect(one.listComputes()).toEqual([asleep]);
    });
  });

  it('judge an event by what the other wrote', () => {
    withTwo((one, two) => {
      createActive(one, 'c1', 1000);
      suspend(two, 'c1', 2000, 1000);
      expect(() => one.append('c1', eventOf('suspendRequested', { segmentLengthMs: 9 }), 2001)).not.toThrow();
      expect(() => two.append('c1', eventOf('resumeRequested'), 2002)).toThrow(
        expect.objectContaining({ code: 'STATE_CONFLICT' }),
      );
      const taken = eventOf('createRequested', { spec: specOf('c2', { name: 'c1' }) });
      expect(() => two.append('c2', taken, 2003)).toThrow(expect.objectContaining({ code: 'NAME_IN_USE' }));
    });
  });

  it('take turns and keep one ledger', () => {
    withTwo((one, two) => {
      createActive(one, 'c1', 0);
      createActive(two, 'c2', 0);
      for (let atMs = 10; atMs < 200; atMs += 10) {
        for (const [store, id] of [
          [one, 'c2'],
          [two, 'c1'],
          [one, 'c1'],
          [two, 'c2'],
        ] as const) {
          if (store.getCompute(id)?.state === 'active') suspend(store, id, atMs, 5);
          else wake(store, id, atMs);
        }
      }
      expect(one.verify()).toEqual({ isConsistent: true, differences: [] });
      expect(two.listEvents({}).map(({ seq }) => seq)).toEqual(one.listEvents({}).map((_, index) => index + 1));
    });
  });

  it('say that the database is locked when another process does not let go', () => {
    withTwo((one, _, path) => {
      createActive(one, 'c1', 1000);
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      expect(() => suspend(one, 'c1', 2000, 1000)).toThrow(
        expect.objectContaining({ code: 'STORE_BUSY', message: expect.stringContaining(path) }),
      );
      expect(one.getCompute('c1')?.state).toBe('active');
      other.exec('COMMIT');
      other.close();
      expect(suspend(one, 'c1', 2000, 1000).state).toBe('suspended');
    });
  });
});
