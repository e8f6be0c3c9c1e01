import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createStore, type Store, type UsageGrouping } from '../../../src/lib/store/index.ts';
import { planSums } from '../../../src/lib/store/plan-sums.ts';
import { USAGE_STEP } from '../../../src/lib/store/usage-schema.ts';
import { lifeSteps, live, share } from '../../support/random-life.ts';
import { createActive, suspend, wake } from '../../support/store-life.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const HOUR_MS = 3_600_000;
const EVERYTHING = { fromMs: 0, toMs: Date.UTC(2100, 0) };
const BY_COMPUTE: UsageGrouping = { byCompute: true, per: null };

describe('roll-ups of usage', () => {
  it('are the sum of their segments, whatever is late, corrected, added or removed', () => {
    const change = fc.record({ at: share, what: fc.nat(4), ms: fc.nat(5 * 24 * HOUR_MS) });
    fc.assert(
      fc.property(lifeSteps, fc.array(change, { maxLength: 10 }), (steps, changes) => {
        using directory = createTemporaryDirectory();
        const path = `${directory.path}/doze.db`;
        const store = createStore({ path });
        live(store, steps);
        const other = new DatabaseSync(path);
        for (const { at, what, ms } of changes) correct(other, store, { at, what, ms });
        other.close();
        const ofUsage = store.verify().differences.filter((difference) => difference.startsWith('usage'));
        expect(ofUsage).toEqual([]);
        store.close();
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['an hour', 'UPDATE usage_hours SET active_ms = active_ms + 1', ['usage of c1 in hour 0 is not what']],
    [
      'an hour that is gone',
      'DELETE FROM usage_hours',
      ['usage of c1 in hour 0 is missing', 'in day 1970-01-01', 'in month 1970-01'],
    ],
    ['a day', 'UPDATE usage_days SET bytes_in = 7', ['usage of c1 in day 1970-01-01 is not what']],
    ['a month', 'UPDATE usage_months SET wakes = 7', ['usage of c1 in month 1970-01 is not what']],
  ])('that are wrong are told: %s', (_, sql, expected) => {
    using directory = createTemporaryDirectory();
    const path = `${directory.path}/doze.db`;
    const store = createStore({ path });
    createActive(store, 'c1', 1000);
    suspend(store, 'c1', 2000, 1000);
    const other = new DatabaseSync(path);
    other.exec(sql);
    other.close();
    expect(store.verify().differences).toEqual(expected.map((text) => expect.stringContaining(text) as string));
    store.close();
  });

  it('are made of what there is by a home of before there were any', () => {
    fc.assert(
      fc.property(lifeSteps, (steps) => {
        using directory = createTemporaryDirectory();
        const path = `${directory.path}/doze.db`;
        const before = createStore({ path });
        live(before, steps);
        const sums = byId(before);
        before.close();
        takeStepAgain(path);
        const after = createStore({ path });
        expect(byId(after)).toEqual(sums);
        expect(after.verify()).toEqual({ isConsistent: true, differences: [] });
        after.close();
      }),
      { numRuns: 8 },
    );
  });

  it('count wakes by how long they took, as they happen', () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 1000);
    suspend(store, 'c1', 2000, 1000);
    wake(store, 'c1', 3000);
    const [sum] = store.usageSums(EVERYTHING, BY_COMPUTE);
    // The test's wakes take 164.25 ms.
    expect(sum).toMatchObject({ wakes: 0, wakeCounts: [0, 0, 1, 0, 0, 0, 0, 0, 0], wakeMs: 164 });
    suspend(store, 'c1', 4000, 1000);
    expect(store.usageSums(EVERYTHING, BY_COMPUTE)).toMatchObject([{ wakes: 1, wakeMs: 164 }]);
  });
});

describe('what is measured', () => {
  const traffic = (bytesIn: number) => ({ computeId: 'c1', bytesIn, bytesOut: 2 * bytesIn, queries: 1 });

  it('is added to the hour in which it was, and to its month', () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 1000);
    const atMs = Date.UTC(2026, 1, 1);
    store.heartbeat([], { atMs: atMs - 1, deltas: [traffic(10)] });
    store.heartbeat([], { atMs, deltas: [traffic(100)] });
    store.heartbeat([], { atMs: atMs + HOUR_MS - 1, deltas: [traffic(1000)] });
    const per = (period: UsageGrouping['per']) =>
      store
        .usageSums(EVERYTHING, { byCompute: false, per: period })
        .map(({ periodMs, bytesIn, bytesOut, queries }) => [periodMs, bytesIn, bytesOut, queries]);
    expect(per('hour')).toEqual([
      [atMs - HOUR_MS, 10, 20, 1],
      [atMs, 1100, 2200, 2],
    ]);
    expect(per('month')).toEqual([
      [Date.UTC(2026, 0), 10, 20, 1],
      [atMs, 1100, 2200, 2],
    ]);
    expect(per(null)).toEqual([[null, 1110, 2220, 3]]);
    expect(store.verify().differences).toEqual([]);
  });

  it('may be more than a double holds, of storage', () => {
    const store = createStore({ path: ':memory:' });
    createActive(store, 'c1', 1000);
    const byteSeconds = 2n ** 62n + 12_345n;
    const hours = [0, 1, 2].map((hour) => ({ hourMs: hour * HOUR_MS, byteSeconds }));
    const level = { computeId: 'c1', dataBytes: 6, bytes: 7, wallMs: 1, monotonicMs: 2, bootId: 'b', remainder: 3 };
    store.accountStorage([{ computeId: 'c1', level, hours }]);
    expect(store.usageSums(EVERYTHING, BY_COMPUTE)).toMatchObject([{ storageByteSeconds: 3n * byteSeconds }]);
    expect([...store.usageHours(EVERYTHING)]).toMatchObject(
      hours.map((hour) => ({ storageByteSeconds: byteSeconds, hourMs: hour.hourMs })),
    );
    expect(store.storageLevels()).toEqual([level]);
    store.accountStorage([{ computeId: 'c1', level: null, hours: [] }]);
    expect(store.storageLevels()).toEqual([]);
    expect(store.verify().differences).toEqual([]);
  });
});

describe('sums of any window of hours', () => {
  it('are the sum of its hours, whether months are read or not', () => {
    fc.assert(
      fc.property(lifeSteps, share, share, (steps, a, b) => {
        const store = createStore({ path: ':memory:' });
        const { endMs } = live(store, steps);
        const startMs = endMs - 200 * 24 * HOUR_MS;
        const [fromMs, toMs] = [a, b].sort((x, y) => x - y).map((at) => startMs + at * (endMs - startMs)) as [
          number,
          number,
        ];
        for (const byCompute of [true, false]) {
          const hours = store.usageSums({ fromMs, toMs }, { byCompute, per: 'hour' });
          const whole = store.usageSums({ fromMs, toMs }, { byCompute, per: null });
          const days = store.usageSums({ fromMs, toMs }, { byCompute, per: 'day' });
          const months = store.usageSums({ fromMs, toMs }, { byCompute, per: 'month' });
          const add = (sums: typeof hours) => ({
            activeMs: sums.reduce((sum, { activeMs }) => sum + activeMs, 0),
            quarterCuMs: sums.reduce((sum, { quarterCuMs }) => sum + quarterCuMs, 0),
            wakes: sums.reduce((sum, { wakes }) => sum + wakes, 0),
            wakeMs: sums.reduce((sum, { wakeMs }) => sum + wakeMs, 0),
          });
          for (const sums of [whole, days, months]) expect(add(sums)).toEqual(add(hours));
        }
        store.close();
      }),
      { numRuns: 60 },
    );
  });

  it('read no hour twice, and none of a month that is read as one', () => {
    const hour = (text: string): number => Date.parse(text) / HOUR_MS;
    const month = (text: string): number => (Number(text.slice(0, 4)) - 1970) * 12 + Number(text.slice(5)) - 1;
    const day = (text: string): number => hour(`${text}T00:00Z`) / 24;
    expect(planSums(hour('2026-01-01T00:00Z'), hour('2026-01-20T05:00Z'))).toEqual([
      { table: 'months', from: month('2026-01'), to: month('2026-02'), sign: 1 },
      { table: 'hours', from: hour('2026-01-20T05:00Z'), to: hour('2026-01-21T00:00Z'), sign: -1 },
      { table: 'days', from: day('2026-01-21'), to: day('2026-02-01'), sign: -1 },
    ]);
    expect(planSums(hour('2025-12-30T23:00Z'), hour('2026-03-01T00:00Z'))).toEqual([
      { table: 'hours', from: hour('2025-12-30T23:00Z'), to: hour('2025-12-31T00:00Z'), sign: 1 },
      { table: 'days', from: day('2025-12-31'), to: day('2026-01-01'), sign: 1 },
      { table: 'months', from: month('2026-01'), to: month('2026-03'), sign: 1 },
    ]);
    expect(planSums(hour('2026-01-02T00:00Z'), hour('2026-01-20T05:00Z'))).toEqual([
      { table: 'days', from: day('2026-01-02'), to: day('2026-01-20'), sign: 1 },
      { table: 'hours', from: hour('2026-01-20T00:00Z'), to: hour('2026-01-20T05:00Z'), sign: 1 },
    ]);
    expect(planSums(hour('2026-01-02T01:00Z'), hour('2026-01-02T05:00Z'))).toEqual([
      { table: 'hours', from: hour('2026-01-02T01:00Z'), to: hour('2026-01-02T05:00Z'), sign: 1 },
    ]);
    expect(planSums(5, 5)).toEqual([]);
  });
});

interface Correction {
  readonly at: number;
  readonly what: number;
  readonly ms: number;
}

/** Of what the log does not know: a hand in the file. */
function correct(db: DatabaseSync, store: Store, { at, what, ms }: Correction): void {
  const closed = [...store.segments(EVERYTHING)].filter(({ lengthMs }) => lengthMs !== null);
  const found = closed[Math.floor(at * (closed.length - 1))];
  if (found === undefined) return;
  const { id, computeId, startedAtMs } = found;
  if (what === 0) db.prepare('UPDATE segments SET length_ms = ? WHERE id = ?').run(ms, id);
  if (what === 1) db.prepare('DELETE FROM segments WHERE id = ?').run(id);
  if (what === 2)
    db.prepare('UPDATE segments SET quarter_cu = 9, depth = NULL, cause = ? WHERE id = ?').run('wake', id);
  if (what === 3)
    db.prepare("UPDATE segments SET depth = 'hibernated', started_at_ms = ? WHERE id = ?").run(startedAtMs - ms, id);
  if (what === 4) {
    db.prepare('INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      computeId,
      startedAtMs + 7,
      id + 1_000_000 + ms,
      ms,
      3,
      'wake',
      null,
    );
  }
}

function byId(store: Store): Map<unknown, unknown> {
  return new Map(store.usageSums(EVERYTHING, BY_COMPUTE).map((sum) => [sum.owner?.computeId, sum]));
}

/** Over segments and events that are there already. */
function takeStepAgain(path: string): void {
  const db = new DatabaseSync(path);
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  for (const table of ['usage_hours', 'usage_days', 'usage_months', 'storage_levels']) db.exec(`DROP TABLE ${table}`);
  db.exec(USAGE_STEP);
  db.close();
}
