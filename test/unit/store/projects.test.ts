import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { QUOTAS, type ProjectEvent } from '../../../src/lib/domain/index.ts';
import { hasCode } from '../../../src/lib/errors/index.ts';
import { createStore, type Store } from '../../../src/lib/store/index.ts';
import { migrate } from '../../../src/lib/store/migrations.ts';
import { lifeSteps, live } from '../../support/random-life.ts';
import { createActive } from '../../support/store-life.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const NOTHING = { description: null, tags: {}, limits: {} };
const CREATED = { type: 'projectCreated', ...NOTHING } as const;

function open(): Store {
  return createStore({ path: ':memory:' });
}

describe('projects in the store', () => {
  it('come into being with their first compute, without an event of their own', () => {
    const store = open();
    createActive(store, 'c1', 1000);
    expect(store.listProjects()).toEqual([
      { name: 'default', ...NOTHING, createdAtMs: expect.any(Number), deletedAtMs: null, notes: {}, seq: 1 },
    ]);
    expect(store.listEvents({}).map(({ event }) => event.type)).not.toContain('projectCreated');
  });

  it('share the one log with computes, and its numbers', () => {
    const store = open();
    store.appendToProject('team', CREATED, 1000);
    createActive(store, 'c1', 2000);
    store.appendToProject('team', { ...CREATED, type: 'projectChanged', limits: { computes: 1 } }, 3000);
    const events = store.listEvents({});
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(store.listEvents({ project: 'team' })).toEqual([
      { seq: 1, atMs: 1000, computeId: '', computeName: '', project: 'team', event: CREATED },
      expect.objectContaining({ seq: events.length, project: 'team', computeId: '' }),
    ]);
    expect(store.getProject('team')?.limits).toEqual({ computes: 1 });
    expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
  });

  it('are not listed when they are deleted, but known', () => {
    const store = open();
    store.appendToProject('b', CREATED, 1000);
    store.appendToProject('a', CREATED, 1000);
    expect(store.listProjects().map(({ name }) => name)).toEqual(['a', 'b']);
    store.appendToProject('a', { type: 'projectDeleted' }, 2000);
    expect(store.listProjects().map(({ name }) => name)).toEqual(['b']);
    expect(store.getProject('a')?.deletedAtMs).toBe(2000);
    expect(store.getProject('c')).toBeNull();
  });

  it('stay as they are, and the log too, when an event is refused', () => {
    const store = open();
    store.appendToProject('team', CREATED, 1000);
    expect(() => store.appendToProject('team', CREATED, 2000)).toThrow('is there already');
    expect(() => store.appendToProject('other', { type: 'projectDeleted' }, 2000)).toThrow('no project "other"');
    expect(store.listEvents({})).toHaveLength(1);
    expect(store.getProject('other')).toBeNull();
  });

  it('are seen by another one that has the same file open', () => {
    using directory = createTemporaryDirectory();
    const [one, other] = [1, 2].map(() => createStore({ path: `${directory.path}/doze.db` })) as [Store, Store];
    expect(other.listProjects()).toEqual([]);
    one.appendToProject('team', CREATED, 1000);
    expect(other.getProject('team')?.name).toBe('team');
    one.close();
    other.close();
  });

  const projectSteps = fc.array(
    fc.record({ who: fc.constantFrom('p', 'q'), what: fc.nat(5), quota: fc.constantFrom(...QUOTAS), limit: fc.nat(3) }),
    { maxLength: 30 },
  );

  it('follow from the log, whatever happens to them and to computes in between', () => {
    fc.assert(
      fc.property(lifeSteps, projectSteps, lifeSteps, (before, steps, after) => {
        const store = open();
        live(store, before.slice(0, 20));
        let taken = 0;
        for (const { who, what, quota, limit } of steps) {
          try {
            store.appendToProject(who, eventOf(what, quota, limit), 1_900_000_000_000 + taken);
            taken += 1;
          } catch (error) {
            if (!hasCode(error, 'STATE_CONFLICT')) throw error;
          }
        }
        live(store, after.slice(0, 20));
        expect(store.verify()).toEqual({ isConsistent: true, differences: [] });
        expect(store.listEvents({}).filter(({ computeId }) => computeId === '')).toHaveLength(taken);
        store.close();
      }),
      { numRuns: 60 },
    );
  });

  it('tell what was changed behind their back', () => {
    using directory = createTemporaryDirectory();
    const path = `${directory.path}/doze.db`;
    const store = createStore({ path });
    store.appendToProject('team', CREATED, 1000);
    const other = new DatabaseSync(path);
    other.exec(`UPDATE projects SET doc = json_set(doc, '$.limits', json('{"computes":99}'))`);
    other.close();
    expect(store.verify()).toEqual({ isConsistent: false, differences: ['project team is not as the log says'] });
    store.close();
  });

  it('of a home of before there were any are those that had a compute', () => {
    using directory = createTemporaryDirectory();
    const [now, before] = ['now', 'before'].map((name) => `${directory.path}/${name}.db`) as [string, string];
    const store = createStore({ path: now });
    live(store, STEPS);
    createActive(store, 'c9', 1_800_000_000_000);
    const projects = store.listProjects();
    store.close();
    const db = new DatabaseSync(before);
    migrate(db, 5);
    db.exec(`ATTACH '${now}' AS now; INSERT INTO events SELECT * FROM now.events`);
    db.close();
    const migrated = createStore({ path: before });
    expect(migrated.listProjects()).toEqual(projects);
    expect(projects.map(({ name }) => name)).toEqual(['default', 'p']);
    migrated.close();
  });
});

/** A few computes that are made one after the other, and whatever comes then. */
const STEPS = Array.from({ length: 40 }, (_, n) => ({ who: n % 4, what: n * 7919, passedMs: 1000, share: 0.5 }));

function eventOf(what: number, quota: (typeof QUOTAS)[number], limit: number): ProjectEvent {
  const facts = { quota, used: limit, limit, resetsAtMs: null };
  const all: readonly ProjectEvent[] = [
    CREATED,
    { ...CREATED, type: 'projectChanged', limits: { [quota]: limit } },
    { type: 'quotaWarning', ...facts },
    { type: 'quotaReached', ...facts },
    { type: 'quotaReset', ...facts },
    { type: 'projectDeleted' },
  ];
  return all[what] ?? CREATED;
}

describe('storage', () => {
  it('of a project is what its computes keep, destroyed ones too, until they are purged', () => {
    const store = open();
    const at = { wallMs: 0, monotonicMs: 0, bootId: 'boot', remainder: 0 };
    for (const [id, bytes] of [
      ['c1', 150],
      ['c2', 7],
    ] as const) {
      createActive(store, id, 1000);
      store.accountStorage([{ computeId: id, hours: [], level: { computeId: id, dataBytes: bytes, bytes, ...at } }]);
    }
    expect(store.storageBytesOf('default')).toBe(157);
    expect(store.storageBytesOf('other')).toBe(0);
    store.append('c2', { type: 'destroyRequested', isPurge: false, segmentLengthMs: 10 }, 2000);
    store.append('c2', { type: 'destroyed', keptUntilMs: 3000 }, 2000);
    expect(store.storageBytesOf('default')).toBe(157);
    store.append('c2', { type: 'purged' }, 3000);
    expect(store.storageBytesOf('default')).toBe(150);
  });
});
