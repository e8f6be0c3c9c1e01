import { describe, expect, it } from 'vitest';

import { createStore } from '../../../src/lib/store/index.ts';
import { rateCard } from '../../support/rate-cards.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

describe('rate cards on record', () => {
  it('get the next version of their name, keep what they say to the last digit, and stay in their order', () => {
    const store = createStore({ path: ':memory:' });
    const card = rateCard({ prices: { compute: '999999999999.999999' }, free: { storage: '0.000001' } });
    expect(store.addRateCard(card).version).toBe(1);
    expect(store.addRateCard({ ...card, name: 'other', project: 'shop' }).version).toBe(1);
    expect(store.addRateCard(card)).toEqual({ ...card, version: 2 });
    expect(store.listRateCards().map(({ name, version }) => `${name} ${version}`)).toEqual([
      'standard 1',
      'other 1',
      'standard 2',
    ]);
    expect(store.listRateCards()[0]).toEqual(card);
    store.close();
  });

  it('can neither be changed nor removed, by anybody who writes to the file', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    using directory = createTemporaryDirectory();
    const path = `${directory.path}/state.db`;
    const store = createStore({ path });
    store.addRateCard(rateCard());
    store.close();
    const db = new DatabaseSync(path);
    expect(() => db.exec("UPDATE rate_cards SET doc = '{}'")).toThrow('rate cards are only added');
    expect(() => db.exec('DELETE FROM rate_cards')).toThrow('rate cards are only added');
    db.close();
  });
});

describe('what receivers were told', () => {
  const total = { hourMs: 3_600_000, computeId: 'c1', meter: 'queries', total: 3, revision: 0 };

  it('is on record once the batch has arrived, and not before', () => {
    const store = createStore({ path: ':memory:' });
    expect(store.pushState('r')).toBeNull();
    store.beginPush('r', 0);
    store.putOutbox('r', { body: '[1]', totals: [total] }, 7_200_000);
    expect(store.pushState('r')).toEqual({
      sinceMs: 0,
      cursorMs: 7_200_000,
      outbox: { body: '[1]', totals: [total] },
    });
    const window = { sinceMs: 0, untilMs: 7_200_000 };
    expect(store.listPushed('r', window)).toEqual([]);
    store.clearOutbox('r', 0);
    expect(store.pushState('r')?.outbox).toBeNull();
    expect(store.listPushed('r', window)).toEqual([total]);
    expect(store.listPushed('other', window)).toEqual([]);
    store.close();
  });

  it('is forgotten when no correction can come any more', () => {
    const store = createStore({ path: ':memory:' });
    store.beginPush('r', 0);
    const later = { ...total, hourMs: 7_200_000 };
    store.putOutbox('r', { body: '[]', totals: [total, later] }, 7_200_000);
    store.clearOutbox('r', 7_200_000);
    expect(store.listPushed('r', { sinceMs: 0, untilMs: 10_800_000 })).toEqual([later]);
    store.close();
  });
});
