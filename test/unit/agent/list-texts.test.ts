import { describe, expect, it } from 'vitest';

import { createListTexts } from '../../../src/lib/agent/services/list-texts.ts';
import { createStore } from '../../../src/lib/store/index.ts';
import { eventOf, specOf } from '../../support/compute-events.ts';

describe('a list that was written', () => {
  it('is written anew when a record or its sessions differ, for each query', () => {
    const { textOf } = createListTexts();
    let writes = 0;
    const ask = (query: string, version: number, sessions: readonly (readonly [string, number])[] = []): string =>
      Buffer.from(textOf(query, { version, sessions: new Map(sessions) }, () => String((writes += 1)))).toString();
    expect([ask('a', 1), ask('a', 1), ask('a', 2)]).toEqual(['1', '1', '2']);
    expect([ask('a', 2, [['c1', 1]]), ask('a', 2, [['c1', 1]]), ask('a', 2, [['c1', 2]])]).toEqual(['3', '3', '4']);
    expect([ask('a', 2, [['c2', 2]]), ask('b', 2), ask('a', 2, [['c2', 2]])]).toEqual(['5', '6', '5']);
    for (const query of ['c', 'd', 'e', 'f']) ask(query, 2);
    expect(ask('a', 2, [['c2', 2]])).toBe('11');
  });

  it('is of records that have another version after each event', () => {
    const store = createStore({ path: ':memory:' });
    const versions = [store.computesVersion()];
    const then = (type: Parameters<typeof eventOf>[0]): void => {
      store.append('c1', eventOf(type, { spec: specOf('c1'), keptUntilMs: 9_000 }), 1_000);
      versions.push(store.computesVersion());
    };
    then('createRequested');
    expect(store.computesVersion()).toBe(versions.at(-1));
    then('destroyRequested');
    then('destroyed');
    then('purged');
    expect(new Set(versions).size).toBe(5);
    store.close();
  });
});
