import { describe, expect, it } from 'vitest';

import {
  applyProjectEvent,
  projectOfCompute,
  withChanges,
  type Project,
  type ProjectEvent,
  type ProjectSettings,
} from '../../../src/lib/domain/index.ts';
import { eventOf } from '../../support/compute-events.ts';

const NOTHING: ProjectSettings = { description: null, tags: {}, limits: {} };
const at = (seq: number) => ({ name: 'team', seq, atMs: seq * 1000 });

function life(...events: readonly ProjectEvent[]): Project {
  return events.reduce<Project | null>(
    (before, event, index) => applyProjectEvent(before, event, at(index + 1)),
    null,
  )!;
}

const created = { type: 'projectCreated', ...NOTHING, limits: { computes: 2 } } as const;
const reached = { type: 'quotaReached', quota: 'computes', used: 2, limit: 2, resetsAtMs: null } as const;

describe('changes of a project', () => {
  it('leave alone what they do not name, and take away what they set to null', () => {
    const before = { description: 'ours', tags: { b: '1', c: '2' }, limits: { computes: 3, sessions: 5 } };
    const after = withChanges(before, { tags: { a: 'x', c: null }, limits: { sessions: null, activeCu: 1.25 } });
    expect(after).toEqual({ description: 'ours', tags: { a: 'x', b: '1' }, limits: { computes: 3, activeCu: 1.25 } });
    expect(Object.keys(after.tags)).toEqual(['a', 'b']);
    expect(withChanges(before, {})).toEqual(before);
  });

  it.each<[string, Parameters<typeof withChanges>[1], string]>([
    ['a key with a blank', { tags: { 'a b': 'x' } }, 'NAME_INVALID'],
    ['an empty key', { tags: { '': 'x' } }, 'NAME_INVALID'],
    ['a value of two lines', { tags: { a: 'x\ny' } }, 'VALUE_INVALID'],
    ['a value that is too long', { tags: { a: 'x'.repeat(257) } }, 'VALUE_INVALID'],
    [
      'too many tags',
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])) },
      'VALUE_INVALID',
    ],
    ['a description with a control character', { description: '\u001b[2J' }, 'VALUE_INVALID'],
    ['a limit below nothing', { limits: { computes: -1 } }, 'VALUE_INVALID'],
    ['half a session', { limits: { sessions: 0.5 } }, 'VALUE_INVALID'],
    ['a tenth of a CU', { limits: { activeCu: 0.1 } }, 'VALUE_INVALID'],
    ['a limit without end', { limits: { storageBytes: Number.POSITIVE_INFINITY } }, 'VALUE_INVALID'],
  ])('refuse %s', (_, changes, code) => {
    expect(() => withChanges(NOTHING, changes)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the reducer of projects', () => {
  it('keeps what was said of a quota, and forgets it with another limit', () => {
    expect(life(created, reached).notes).toEqual({ computes: { level: 'reached', atMs: 2000 } });
    const same = { type: 'projectChanged', ...NOTHING, tags: { a: '1' }, limits: { computes: 2 } } as const;
    expect(life(created, reached, same).notes).toHaveProperty('computes');
    expect(life(created, reached, { ...same, limits: { computes: 3 } }).notes).toEqual({});
    expect(life(created, reached, { ...same, limits: {} }).notes).toEqual({});
    expect(life(created, reached, { ...reached, type: 'quotaReset', used: 1 }).notes).toEqual({});
  });

  it('lets a deleted one begin anew, by hand or with a compute', () => {
    const deleted = life(created, reached, { type: 'projectDeleted' });
    expect(deleted).toMatchObject({ deletedAtMs: 3000, notes: {} });
    const again = applyProjectEvent(deleted, { type: 'projectCreated', ...NOTHING }, at(4));
    expect(again).toEqual({ name: 'team', ...NOTHING, createdAtMs: 4000, deletedAtMs: null, notes: {}, seq: 4 });
    expect(projectOfCompute(deleted, eventOf('createRequested'), at(4))).toEqual(again);
    expect(projectOfCompute(deleted, eventOf('restored'), at(4))).toEqual(again);
  });

  it('lets one come into being with its first compute, and change with none', () => {
    const project = projectOfCompute(null, eventOf('createRequested'), at(1));
    expect(project).toMatchObject({ name: 'team', createdAtMs: 1000, limits: {} });
    expect(projectOfCompute(project, eventOf('createRequested'), at(2))).toBe(project);
    expect(projectOfCompute(project, eventOf('destroyed'), at(3))).toBe(project);
    expect(projectOfCompute(null, eventOf('started'), at(1))).toBeNull();
  });

  it('refuses to create one that is there, and to change one that is not', () => {
    expect(() => life(created, created)).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }));
    for (const event of [reached, { type: 'projectDeleted' }, { ...created, type: 'projectChanged' }] as const) {
      expect(() => life(event)).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }));
      expect(() => life(created, { type: 'projectDeleted' }, event)).toThrow('there is no project "team"');
    }
  });
});
