import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import { PLAIN } from '../../../../src/lib/cli/colour.ts';
import type { TopEntry } from '../../../../src/lib/cli/top/index.ts';
import { topLines } from '../../../../src/lib/cli/top/lines.ts';
import { plainTop } from '../../../../src/lib/cli/top/plain-top.ts';
import { press } from '../../../../src/lib/cli/top/press.ts';
import { newTopState, settled, type TopState } from '../../../../src/lib/cli/top/state.ts';
import { displayWidth } from '../../../../src/lib/cli/views/table.ts';
import { asleep, topEntry, TOP_AT } from '../../../support/top-entries.ts';

const NOW_MS = Date.parse(TOP_AT);
const HOSTS = [{ host: 'this host', limitCu: 48, awakeCu: 1, waiting: 0 }];

function stateOf(computes: readonly TopEntry[], columns = 120, rows = 12): TopState {
  const state = newTopState({ order: 'state', columns, rows });
  return settled(state, { ...state, look: { at: TOP_AT, hosts: HOSTS, computes } });
}

function pressAll(state: TopState, ...keys: string[]): TopState {
  return keys.reduce((before, key) => press(before, key).state, state);
}

const linesOf = (state: TopState): string[] => topLines(state, NOW_MS, PLAIN);
const namesIn = (state: TopState): string[] =>
  linesOf(state)
    .slice(3, -1)
    .map((line) => /^[> ] ([\w-]+)/.exec(line)?.[1] ?? '')
    .filter((name) => name !== '');
const selectedIn = (state: TopState): string | undefined => /^> ([\w-]+)/m.exec(linesOf(state).join('\n'))?.[1];

const many = (count: number): TopEntry[] =>
  Array.from({ length: count }, (_, index) => asleep(`db-${String(index).padStart(4, '0')}`));

describe('the screen of doze top', () => {
  it('says who is awake, why, and what it uses, who is awake first', () => {
    const shop = topEntry('shop', { sessions: 12, queriesPerSecond: 1234.5, awakeTodaySeconds: 3_720 });
    expect(linesOf(stateOf([asleep('bill'), shop], 120, 7))).toEqual([
      'doze top  1 of 2 awake, 0.5 of 48 CU, 12 sessions, 1,235 queries/s  22:00:00 UTC',
      '',
      '  NAME  STATE      DEPTH   SESSIONS  QUERIES/S     CU  MEMORY  AWAKE TODAY  WHY',
      '> shop  active     -             12      1,235  0.5/2  52 MiB    1 h 2 min  in use',
      '  bill  suspended  parked         0          0    0/2       -       10 min  asleep for 10 min',
      '',
      'q quit  s suspend  w wake  arrows move  o order: state  r reverse  p project: all',
    ]);
  });

  it('says what to type where there is nothing yet', () => {
    expect(linesOf(stateOf([]))[3]).toBe('  no computes yet: doze compute start NAME');
  });

  it.each([200, 120, 80, 60, 40, 20, 5, 1])('is never wider than a terminal of %i columns', (columns) => {
    const computes = [
      topEntry('a-rather-long-name-of-a-compute', { project: 'acme', failure: 'x'.repeat(300), state: 'failed' }),
      asleep('b', { heldBecause: ['日本語'.repeat(40)], nextStep: { depth: 'stopped', at: TOP_AT } }),
    ];
    for (const line of linesOf(stateOf(computes, columns))) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  it.each([24, 10, 5, 4, 3, 2, 1])('has as many lines as a terminal of %i rows', (rows) => {
    expect(linesOf(stateOf(many(30), 100, rows))).toHaveLength(rows);
  });

  it('goes without columns where it is narrow, and tells state and depth in one', () => {
    const [, , titles, , second] = linesOf(stateOf([topEntry('shop'), asleep('bill', { depth: 'hibernated' })], 75));
    expect(titles).toBe('  NAME  STATE       SESSIONS  QUERIES/S     CU  WHY');
    expect(second).toBe('  bill  hibernated         0          0    0/2  asleep for 10 min');
  });

  it('names projects where there are several', () => {
    const state = stateOf([topEntry('a', { project: 'acme' }), topEntry('b')]);
    expect(linesOf(state)[2]).toContain('NAME  PROJECT  STATE');
  });

  it('shows only what cannot drive the terminal', () => {
    const state = stateOf([topEntry('a', { suspendsAt: null, awakeBecause: ['\u001b[2Jgone\nhere'] })]);
    expect(linesOf(state)[3]).toContain('\\x1b[2Jgone\\nhere');
  });

  it('keeps the last look and says why there is no newer one', () => {
    const state = { ...stateOf([topEntry('shop')]), problem: 'no answer since 22:00:00 UTC: the agent is gone' };
    expect(linesOf(state)[1]).toBe('no answer since 22:00:00 UTC: the agent is gone');
    expect(namesIn(state)).toEqual(['shop']);
  });
});

describe('the keys of doze top', () => {
  const computes = [
    topEntry('ada', { project: 'acme', sessions: 1, queriesPerSecond: 5, memoryBytes: 1 }),
    topEntry('bob', { sessions: 9, queriesPerSecond: 1, size: { min: 1, max: 4, now: 4 } }),
    asleep('cyd', { awakeTodaySeconds: 9_000 }),
    asleep('dan', { depth: 'frozen', memoryBytes: 80_000_000 }),
    topEntry('eve', { state: 'failed', failure: 'no', suspendsAt: null, memoryBytes: null, awakeTodaySeconds: 1 }),
  ];

  it('move the mark, and no further than there are rows', () => {
    const state = stateOf(computes);
    expect(namesIn(state)).toEqual(['eve', 'ada', 'bob', 'dan', 'cyd']);
    expect(selectedIn(state)).toBe('eve');
    expect(selectedIn(pressAll(state, 'down', 'j'))).toBe('bob');
    expect(selectedIn(pressAll(state, 'down', 'up', 'k'))).toBe('eve');
    expect(selectedIn(pressAll(state, 'end', 'down'))).toBe('cyd');
    expect(selectedIn(pressAll(state, 'G', 'home'))).toBe('eve');
  });

  it('scroll where there are more rows than lines, and the window moves only as far as it has to', () => {
    const state = stateOf(many(100), 100, 14);
    expect(namesIn(state)).toHaveLength(10);
    const down = pressAll(state, ...Array<string>(12).fill('down'));
    expect([selectedIn(down), namesIn(down)[0], namesIn(down).at(-1)]).toEqual(['db-0012', 'db-0003', 'db-0012']);
    const up = pressAll(down, ...Array<string>(9).fill('up'));
    expect([selectedIn(up), namesIn(up)[0]]).toEqual(['db-0003', 'db-0003']);
    const paged = pressAll(state, 'page-down', 'page-down', 'page-up');
    expect(selectedIn(paged)).toBe('db-0010');
    expect(linesOf(pressAll(state, 'end')).at(-1)).toContain('rows 91 to 100');
  });

  it('suspend and wake what is marked', () => {
    const state = pressAll(stateOf(computes), 'down');
    expect(press(state, 's').effect).toMatchObject({ kind: 'suspend', entry: { name: 'ada', project: 'acme' } });
    expect(press(state, 'w').effect).toMatchObject({ kind: 'wake', entry: { name: 'ada' } });
    expect(press(stateOf([]), 's').effect).toBeNull();
  });

  it.each(['q', 'Q', 'ctrl-c', 'ctrl-d'])('%s quits', (key) => {
    expect(press(stateOf(computes), key).effect).toEqual({ kind: 'quit' });
  });

  it('change what it is sorted by, one after the other, there and back', () => {
    const orders = [
      ['queries', 'ada bob cyd dan eve'],
      ['sessions', 'bob ada cyd dan eve'],
      ['cu', 'bob ada cyd dan eve'],
      ['memory', 'dan bob ada cyd eve'],
      ['awake', 'cyd ada bob dan eve'],
      ['name', 'ada bob cyd dan eve'],
      ['project', 'ada bob cyd dan eve'],
      ['state', 'eve ada bob dan cyd'],
    ];
    let state = stateOf(computes);
    for (const [order = '', names] of orders) {
      state = pressAll(state, 'o');
      expect([state.order, namesIn(state).join(' ')]).toEqual([order, names]);
    }
    expect(pressAll(state, '<').order).toBe('project');
    expect(namesIn(pressAll(state, 'r'))).toEqual(['cyd', 'dan', 'bob', 'ada', 'eve']);
    expect(linesOf(pressAll(state, 'r')).at(-1)).toContain('o order: state, reversed');
  });

  it('show one project after the other, and all of them again', () => {
    const state = pressAll(stateOf(computes), 'p');
    expect(namesIn(state)).toEqual(['ada']);
    expect(linesOf(state)[0]).toContain('acme: 1 of 1 awake');
    expect(namesIn(pressAll(state, 'p'))).toEqual(['eve', 'bob', 'dan', 'cyd']);
    expect(namesIn(pressAll(state, 'p', 'p'))).toHaveLength(5);
  });

  it('that mean nothing change nothing', () => {
    const state = stateOf(computes);
    expect(press(state, 'x')).toEqual({ state, effect: null });
  });

  it('leave a message behind only until the next one', () => {
    const state = { ...stateOf(computes), message: { text: 'ada suspended', isFailure: false } };
    expect(linesOf(state)[1]).toBe('ada suspended');
    expect(linesOf(pressAll(state, 'down'))[1]).toBe('');
  });
});

describe('a new look', () => {
  it('leaves the mark on the same compute, wherever it goes', () => {
    const before = pressAll(stateOf([topEntry('ada'), topEntry('bob'), topEntry('cyd')]), 'down');
    expect(selectedIn(before)).toBe('bob');
    const busy = [topEntry('ada'), topEntry('bob', { queriesPerSecond: 9 }), topEntry('cyd')];
    const after = settled(before, { ...before, look: { at: TOP_AT, hosts: HOSTS, computes: busy } });
    expect([namesIn(after)[0], selectedIn(after)]).toEqual(['bob', 'bob']);
  });

  it('marks what is in its place when it is gone', () => {
    const before = pressAll(stateOf([topEntry('ada'), topEntry('bob'), topEntry('cyd')]), 'down');
    const computes = [topEntry('ada'), topEntry('cyd')];
    const after = settled(before, { ...before, look: { at: TOP_AT, hosts: HOSTS, computes } });
    expect(selectedIn(after)).toBe('cyd');
  });

  it('of another size of the terminal keeps the mark in the window', () => {
    const state = pressAll(stateOf(many(50), 100, 40), ...Array<string>(30).fill('down'));
    const small = settled(state, { ...state, rows: 10 });
    expect(namesIn(small)).toContain('db-0030');
    expect(selectedIn(small)).toBe('db-0030');
  });
});

describe('the table off a terminal', () => {
  const look = { at: TOP_AT, hosts: HOSTS, computes: [topEntry('shop'), asleep('bill')] };

  it('has all columns, always the same ones, at full width', () => {
    const text = plainTop(look, 'state', { width: null, paint: PLAIN });
    expect(text.split('\n')[0]?.split(/ {2,}/)).toEqual([
      'NAME',
      'PROJECT',
      'STATE',
      'DEPTH',
      'SESSIONS',
      'QUERIES/S',
      'CU',
      'MEMORY',
      'AWAKE TODAY',
      'WHY',
    ]);
    expect(plainTop({ ...look, computes: [] }, 'state', { width: null, paint: PLAIN })).toContain('QUERIES/S');
  });

  it('on a terminal is as wide as that', () => {
    const text = plainTop(look, 'state', { width: 60, paint: PLAIN });
    for (const line of text.split('\n')) expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(60);
    expect(text.split('\n')).toHaveLength(3);
  });
});
