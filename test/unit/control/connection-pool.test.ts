import { describe, expect, it } from 'vitest';

import { createHarness } from '../../support/control-harness.ts';

const NAME = 'shop';

describe('the connections that sessions of a compute share', () => {
  it('are none unless somebody says so', async () => {
    const harness = await createHarness();
    await harness.start(NAME, {});
    const { id } = harness.compute(NAME);
    expect(harness.control.host.findRoute(id)?.connectionPool).toBeNull();
  });

  it('are as many as the size allows, or as somebody said', async () => {
    const harness = await createHarness();
    await harness.start(NAME, { pool: 'transaction' });
    const { id } = harness.compute(NAME);
    expect(harness.control.host.findRoute(id)?.connectionPool).toMatchObject({ size: 20, waitMs: 10_000 });
    const { action } = await harness.control.operations.set('default', NAME, { poolSize: 7 });
    expect(action).toBe('changed');
    expect(harness.control.host.findRoute(id)?.connectionPool).toMatchObject({ size: 7 });
  });

  it('can be given up, and had again by another start', async () => {
    const harness = await createHarness();
    await harness.start(NAME, { poolSize: 3 });
    const { id } = harness.compute(NAME);
    await harness.control.operations.set('default', NAME, { pool: 'off' });
    expect(harness.control.host.findRoute(id)?.connectionPool).toBeNull();
    const again = await harness.control.operations.set('default', NAME, { pool: 'off' });
    expect(again).toMatchObject({ action: 'unchanged', notes: ['"shop" is set so already'] });
    await harness.start(NAME, { pool: 'transaction', poolSize: 4 });
    expect(harness.control.host.findRoute(id)?.connectionPool).toMatchObject({ size: 4 });
  });

  it('are not both off and so many', async () => {
    const harness = await createHarness();
    await harness.start(NAME, {});
    await expect(harness.control.operations.set('default', NAME, { pool: 'off', poolSize: 3 })).rejects.toMatchObject({
      code: 'VALUE_INVALID',
    });
  });
});
