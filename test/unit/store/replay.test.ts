import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { keepsProcess, type Compute, type Segment, type StoredEvent } from '../../../src/lib/domain/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { lifeSteps, live } from '../../support/random-life.ts';
import { createActive, suspend, wake } from '../../support/store-life.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const EVERYTHING = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

it('a compute that was found frozen and is woken does not end a segment that is closed', () => {
  const store = createStore({ path: ':memory:' });
  createActive(store, 'c1', 1000);
  store.append('c1', { type: 'instanceStopped', depth: 'frozen', reason: 'found frozen', segmentLengthMs: 500 }, 1500);
  wake(store, 'c1', 2000);
  expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
});

describe('whatever happens to computes', () => {
  it('replaying the log gives what is stored', () => {
    afterAnyLife((store, { taken }) => {
      expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
      expect(store.listEvents({})).toHaveLength(taken);
    });
  });

  it('segments of one compute never overlap', () => {
    afterAnyLife((store) => {
      for (const segments of byCompute(store)) {
        for (const [index, segment] of segments.slice(1).entries()) {
          const before = segments[index]!;
          expect(before.lengthMs).not.toBeNull();
          expect(before.startedAtMs + before.lengthMs!).toBeLessThanOrEqual(segment.startedAtMs);
        }
      }
    });
  });

  it('a compute has one open segment if it is active or sleeps with its process kept, else none', () => {
    afterAnyLife((store) => {
      for (const compute of store.listComputes({ includeDestroyed: true })) {
        const open = [...store.segments({ ...EVERYTHING, computeId: compute.id })].filter((s) => s.lengthMs === null);
        expect(open).toHaveLength(compute.state === 'active' || sleepsHolding(compute) ? 1 : 0);
        expect(open[0]?.depth ?? null).toBe(sleepsHolding(compute) ? compute.depth : null);
        expect(store.openSegment(compute.id)).toEqual(open[0] ?? null);
      }
    });
  });

  it('every segment was opened by an event, and closed by one unless it is open', () => {
    afterAnyLife((store) => {
      const segments = [...store.segments(EVERYTHING)];
      const openings = store
        .listEvents({ types: ['started', 'suspended', 'resized'] })
        .filter(({ event }) => 'segmentStartedAtMs' in event);
      const closings = store.listEvents({}).filter(({ event }) => closesOne(event));
      expect(segments.map(({ id }) => id).sort((a, b) => a - b)).toEqual(openings.map(({ seq }) => seq));
      expect(segments.filter(({ lengthMs }) => lengthMs !== null)).toHaveLength(closings.length);
    });
  });

  it('a compute counts as many wakes as the ledger', () => {
    afterAnyLife((store) => {
      for (const { id, wakes } of store.listComputes({ includeDestroyed: true })) {
        const woken = [...store.segments({ ...EVERYTHING, computeId: id })].filter(({ cause }) => cause === 'wake');
        expect(woken).toHaveLength(wakes);
      }
    });
  });
});

/** The random life says a length where a segment is open, and only there. */
function closesOne(event: StoredEvent['event']): boolean {
  return 'segmentLengthMs' in event && event.segmentLengthMs !== null;
}

function sleepsHolding({ state, depth }: Compute): boolean {
  return state === 'suspended' && depth !== null && keepsProcess(depth);
}

describe('verifying', () => {
  it.each([
    [
      'a compute that was changed',
      "UPDATE computes SET doc = json_set(doc, '$.wakes', 9)",
      'compute c1 is not as the log says',
    ],
    [
      'a segment that was changed',
      'UPDATE segments SET length_ms = 1 WHERE id = 2',
      'segment 2 is not as the log says',
    ],
    ['a segment that was removed', 'DELETE FROM segments WHERE id = 2', 'segment 2 is in the log but not stored'],
    [
      'a segment that was added',
      "INSERT INTO segments VALUES ('c1', 5, 77, 5, 1, 'wake', NULL)",
      'segment 77 is stored but not in the log',
    ],
  ])('tells %s', (_, sql, difference) => {
    using directory = createTemporaryDirectory();
    const path = `${directory.path}/doze.db`;
    const store = createStore({ path });
    createActive(store, 'c1', 1000);
    suspend(store, 'c1', 2000, 1000);
    wake(store, 'c1', 3000);
    expect(store.verify().isConsistent).toBe(true);
    const other = new DatabaseSync(path);
    other.exec(sql);
    other.close();
    expect(store.verify()).toEqual({ isConsistent: false, differences: [difference] });
    store.close();
  });
});

function afterAnyLife(check: (store: Store, life: ReturnType<typeof live>) => void): void {
  fc.assert(
    fc.property(lifeSteps, (steps) => {
      const store = createStore({ path: ':memory:' });
      check(store, live(store, steps));
      store.close();
    }),
    { numRuns: 60 },
  );
}

function byCompute(store: Store): Segment[][] {
  const byStart = [...store.segments(EVERYTHING)].sort((a, b) => a.startedAtMs - b.startedAtMs || a.id - b.id);
  return [...Map.groupBy(byStart, ({ computeId }) => computeId).values()];
}
