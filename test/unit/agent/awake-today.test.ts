import { describe, expect, it } from 'vitest';

import { createAwakeToday } from '../../../src/lib/agent/services/awake-today.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const HOUR_MS = 3_600_000;
const quiet = (): undefined => undefined;

function watch({ store, clock, control }: Harness) {
  const awakeToday = createAwakeToday({ store, clock });
  return (): Record<string, number> => {
    const computes = store.listComputes();
    const awakeMs = awakeToday(control, computes, clock.wallMs());
    return Object.fromEntries(computes.map(({ id, name }) => [name, awakeMs(id)]));
  };
}

/** How often the ledger is asked. */
function countReports({ store }: Harness): () => number {
  const { openSegments } = store;
  let count = 0;
  Object.assign(store, {
    openSegments: (...args: Parameters<typeof openSegments>) => {
      count += 1;
      return openSegments(...args);
    },
  });
  return () => count;
}

describe('how long a compute was awake today', () => {
  it('grows while it is, stands still while it sleeps, and the ledger is asked only after something happened', async () => {
    const harness = await createHarness({ ladder: [] });
    await harness.start('shop');
    await harness.start('bill');
    const look = watch(harness);
    const reports = countReports(harness);
    await harness.clock.advance(10_000);
    expect(look()).toEqual({ bill: 10_000, shop: 10_000 });
    const asked = reports();
    await harness.clock.advance(5_000);
    expect(look()).toEqual({ bill: 15_000, shop: 15_000 });
    expect(reports()).toBe(asked);
    await harness.control.operations.suspend('default', 'shop', { depth: 'parked' }, quiet);
    await harness.clock.advance(5_000);
    expect(look()).toEqual({ bill: 20_000, shop: 15_000 });
    expect(reports()).toBeGreaterThan(asked);
    await harness.control.operations.resume('default', 'shop', quiet);
    await harness.clock.advance(1_000);
    expect(look()).toEqual({ bill: 21_000, shop: 16_000 });
  });

  it('begins anew at midnight, UTC', async () => {
    const harness = await createHarness({ ladder: [] });
    await harness.start('shop');
    const look = watch(harness);
    await harness.clock.leap(11 * HOUR_MS);
    expect(look()).toEqual({ shop: 11 * HOUR_MS });
    await harness.clock.leap(2 * HOUR_MS);
    expect(look()).toEqual({ shop: HOUR_MS });
  });

  it('is the same whether few or many have changed', async () => {
    const harness = await createHarness({ ladder: [], gatewayPorts: { from: 20_000, to: 20_099 } });
    const names = Array.from({ length: 40 }, (_, index) => `db-${index}`);
    for (const name of names) await harness.start(name);
    await harness.clock.advance(60_000);
    const all = watch(harness)();
    const look = watch(harness);
    look();
    for (const name of names.slice(0, 3))
      await harness.control.operations.suspend('default', name, { depth: 'parked' }, quiet);
    expect(look()).toEqual(all);
    expect(Object.values(all)).toEqual(names.map(() => 60_000));
  });
});
