import { describe, expect, it } from 'vitest';

import { createFakeDriver, createFakeWorld } from '../../../../src/lib/drivers/fake/index.ts';
import type { InstanceSpec } from '../../../../src/lib/drivers/index.ts';
import { verbContext } from '../../../contract/driver-harness.ts';

function specOf(generation: number): InstanceSpec {
  return {
    computeId: 'c1',
    name: 'shop',
    project: 'web',
    image: null,
    version: null,
    cu: 1,
    serverArguments: [],
    initSql: '',
    identity: null,
    stateless: { generation, environment: {} },
  };
}

describe('the fake driver, with a compute that keeps nothing', () => {
  it('makes it by its start alone, and keeps no data of it', async () => {
    const world = createFakeWorld();
    const driver = createFakeDriver(world);
    await driver.create(specOf(1), verbContext());
    expect(world.instances.size).toBe(0);
    await driver.start(specOf(1), verbContext());
    expect(world.generations.get('c1')).toBe(1);
    expect(await driver.listData(verbContext().signal)).toEqual([]);
  });

  it('records each generation that a start has to remove', async () => {
    const world = createFakeWorld();
    const driver = createFakeDriver(world);
    for (const generation of [1, 1, 2]) await driver.start(specOf(generation), verbContext());
    expect(world.displaced).toEqual(['c1 1 for 2']);
    expect([...world.generations]).toEqual([['c1', 2]]);
  });

  it('keeps it over a freeze, and has nothing of it after any deeper suspend', async () => {
    const world = createFakeWorld();
    const driver = createFakeDriver(world);
    await driver.start(specOf(1), verbContext());
    await driver.suspend('c1', 'frozen', verbContext());
    expect(world.instances.get('c1')?.state).toBe('frozen');
    await driver.suspend('c1', 'parked', verbContext());
    expect([world.instances.size, world.generations.size]).toEqual([0, 0]);
    await driver.start(specOf(2), verbContext());
    expect(world.displaced).toEqual([]);
  });
});
