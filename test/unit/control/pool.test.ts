import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const quiet = (): undefined => undefined;
const MINUTE_MS = 60_000;
const IMAGE_GONE = new DozeError('IMAGE_UNAVAILABLE', 'image doze/mariadb:10.11 is not on this Docker engine', {
  hint: 'doze image build mariadb',
});

function setPool(harness: Harness, size: number, image: string | null = null) {
  return harness.control.operations.setPool({ size, image }, quiet);
}

function pool(harness: Harness) {
  const [first] = harness.control.operations.listPools();
  if (first === undefined) throw new TypeError('there is no pool');
  return first;
}

function stateOf(harness: Harness, id: string): string | undefined {
  return harness.world.instances.get(id)?.state;
}

/** A pool whose spares are all there. */
async function fullPool(size: number, harness?: Harness): Promise<Harness & { readonly ids: readonly string[] }> {
  const made = harness ?? (await createHarness());
  await setPool(made, size);
  await made.clock.advance(1000);
  expect(pool(made)).toMatchObject({ size, ready: size, making: 0, problem: null });
  return { ...made, ids: made.store.listSpares().map(({ id }) => id) };
}

describe('a warm pool', () => {
  it('has none by itself, and makes nothing', async () => {
    const harness = await createHarness();
    await harness.clock.advance(10 * MINUTE_MS);
    expect(harness.control.operations.listPools()).toEqual([]);
    expect(harness.world.instances.size).toBe(0);
  });

  it('fills behind the request, with spares that are parked and belong to nobody', async () => {
    const harness = await createHarness();
    expect(await setPool(harness, 2)).toMatchObject({ size: 2, ready: 0 });
    await harness.clock.advance(0);
    expect(pool(harness)).toMatchObject({ ready: 2, making: 0, kind: { driver: 'fake', version: '10.11' } });
    for (const { id } of harness.store.listSpares()) expect(stateOf(harness, id)).toBe('parked');
    expect(harness.store.listComputes({ includeDestroyed: true })).toEqual([]);
    expect(harness.store.listEvents({})).toEqual([]);
  });

  it('gives a new compute its oldest spare, with its id, data and passwords, and refills', async () => {
    const harness = await fullPool(2);
    const [oldest = '', other = ''] = harness.ids;
    const secrets = harness.store.getSecrets(oldest);
    const shop = await harness.start('shop');
    expect(shop).toMatchObject({ id: oldest, name: 'shop', state: 'active', fromPool: true, database: 'shop' });
    expect(shop.lastWake?.phasesMs).toHaveProperty('claim');
    expect(harness.store.getSecrets(oldest)).toEqual(secrets);
    expect(harness.world.data.get(oldest)).toBe(1);
    await harness.clock.advance(1000);
    expect(pool(harness)).toMatchObject({ ready: 2 });
    expect(harness.store.listSpares().map(({ id }) => id)).toContain(other);
    expect(harness.store.listSpares().map(({ id }) => id)).not.toContain(oldest);
    expect(harness.store.verify().differences).toEqual([]);
  });

  it('has the server told of its owner at the first start, and not again', async () => {
    const harness = await fullPool(1);
    const { introduce } = harness.engine;
    let introductions = 0;
    Object.assign(harness.engine, {
      introduce: async (...args: Parameters<typeof introduce>) => {
        introductions += 1;
        return introduce(...args);
      },
    });
    const { id } = await harness.start('shop');
    expect([id, introductions]).toEqual([harness.ids[0], 1]);
    await harness.control.operations.suspend('default', 'shop', { depth: 'parked' }, quiet);
    await harness.control.host.wake(id, new AbortController().signal);
    expect(introductions).toBe(1);
  });

  it('has the server told again when its first start failed', async () => {
    const harness = await fullPool(1);
    harness.engine.ready = async () => Promise.reject(new DozeError('SERVER_START_FAILED', 'no'));
    await expect(harness.start('shop')).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
    let introductions = 0;
    const ready = { serverVersion: '10.11.19-MariaDB', phasesMs: {} };
    Object.assign(harness.engine, {
      introduce: async () => Promise.resolve(ready).finally(() => (introductions += 1)),
    });
    await harness.control.operations.resume('default', 'shop', quiet);
    expect(introductions).toBe(1);
    expect(harness.compute('shop').state).toBe('active');
  });

  it('never gives two computes that start at once the same spare', async () => {
    const harness = await fullPool(2);
    const started = await Promise.all(['a', 'b', 'c'].map((name) => harness.start(name)));
    const ids = started.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids.filter((id) => harness.ids.includes(id)).toSorted()).toEqual(harness.ids.toSorted());
    expect(started.filter(({ fromPool }) => fromPool === true)).toHaveLength(2);
  });

  it('fits a spare to the size of the compute that takes it', async () => {
    const harness = await fullPool(1);
    const shop = await harness.start('shop', { size: { min: 2, max: 2 } });
    expect(shop.id).toBe(harness.ids[0]);
    expect(harness.world.sizes.get(shop.id)).toBe(2);
  });

  it('leaves alone what asks for another version, another image or the storage tier', async () => {
    const harness = await fullPool(1);
    const others = [
      await harness.start('a', { version: '11.4' }),
      await harness.start('b', { image: 'mariadb:11.4' }),
      await harness.start('c', { storage: { pageServer: 'ps', safekeepers: 'sk' }, image: 'stateless' }),
    ];
    expect(others.map(({ id }) => id)).not.toContain(harness.ids[0]);
    expect(pool(harness)).toMatchObject({ ready: 1 });
  });

  it('has pools of several images, each for its own', async () => {
    const harness = await createHarness();
    await setPool(harness, 1);
    await setPool(harness, 1, 'mariadb:11.4');
    await harness.clock.advance(1000);
    const spare = harness.store.listSpares().find((candidate) => candidate.pool === 'mariadb:11.4');
    expect((await harness.start('shop', { image: 'mariadb:11.4' })).id).toBe(spare?.id);
    expect(harness.control.operations.listPools()).toHaveLength(2);
  });

  it('makes nothing while somebody waits for a start, nor right after it', async () => {
    const harness = await createHarness();
    const letGo = harness.world.holdNext('create');
    const starting = harness.start('shop');
    await harness.clock.advance(0);
    await setPool(harness, 1);
    await harness.clock.advance(5000);
    expect(harness.store.listSpares()).toEqual([]);
    letGo();
    await starting;
    expect(harness.store.listSpares()).toEqual([]);
    await harness.clock.advance(2000);
    expect(pool(harness).ready).toBe(1);
  });

  it('is emptied of what is too much, with its data and passwords', async () => {
    const harness = await fullPool(3);
    await setPool(harness, 1);
    await harness.clock.advance(0);
    expect(pool(harness)).toMatchObject({ size: 1, ready: 1 });
    await setPool(harness, 0);
    await harness.clock.advance(0);
    expect(harness.control.operations.listPools()).toEqual([]);
    expect([harness.world.instances.size, harness.world.data.size]).toEqual([0, 0]);
    for (const id of harness.ids) expect(harness.store.getSecrets(id)).toBeNull();
  });

  it('discards the spares of an image that was built anew, and takes none of them meanwhile', async () => {
    const harness = await fullPool(1);
    harness.world.recipe.now = 'two';
    const shop = await harness.start('shop');
    expect(harness.ids).not.toContain(shop.id);
    await harness.clock.advance(2 * MINUTE_MS);
    expect(pool(harness)).toMatchObject({ ready: 1 });
    expect(harness.store.listSpares().map(({ id }) => id)).not.toContain(harness.ids[0]);
    expect(harness.world.data.has(harness.ids[0] ?? '')).toBe(false);
  });

  it.each(['-1', 1.5, 101, Number.NaN])('refuses the size %s', async (size) => {
    const harness = await createHarness();
    await expect(setPool(harness, size as number)).rejects.toMatchObject({ code: 'VALUE_INVALID' });
  });
});

describe('a pool that cannot be filled', () => {
  it('is refused when its image cannot be had at all', async () => {
    const harness = await createHarness();
    harness.world.failNext('prepare', IMAGE_GONE);
    await expect(setPool(harness, 1, 'no/such:1')).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' });
    expect(harness.control.operations.listPools()).toEqual([]);
  });

  it('says that its image vanished and what to type, keeps its spares, and is full again when the image is back', async () => {
    const harness = await fullPool(1);
    harness.world.failNext('prepare', IMAGE_GONE);
    await harness.clock.advance(MINUTE_MS);
    expect(pool(harness)).toMatchObject({ ready: 1, problem: { error: IMAGE_GONE, count: 1 } });
    await harness.clock.advance(MINUTE_MS);
    expect(pool(harness)).toMatchObject({ ready: 1, problem: null });
  });

  it('tries again after pauses that double, and leaves nothing of what failed', async () => {
    const harness = await createHarness();
    await setPool(harness, 1);
    harness.engine.ready = async () => Promise.reject(new DozeError('SERVER_START_FAILED', 'no'));
    await harness.clock.advance(0);
    expect(pool(harness)).toMatchObject({ ready: 0, making: 0, problem: { count: 1 } });
    expect([harness.world.instances.size, harness.world.data.size]).toEqual([0, 0]);
    await harness.clock.advance(60 * MINUTE_MS);
    const { count = 0 } = pool(harness).problem ?? {};
    expect(count).toBeGreaterThan(4);
    expect(count).toBeLessThan(14);
    expect(harness.store.listSpares()).toEqual([]);
  });

  it('looks again at once when it is set anew', async () => {
    const harness = await createHarness();
    harness.world.failNext('create', new DozeError('DISK_FULL', 'full'));
    await setPool(harness, 1);
    await harness.clock.advance(0);
    expect(pool(harness).problem).toMatchObject({ error: { code: 'DISK_FULL' } });
    await setPool(harness, 1);
    await harness.clock.advance(0);
    expect(pool(harness)).toMatchObject({ ready: 1, problem: null });
  });

  it('tries to discard again what could not be discarded', async () => {
    const harness = await fullPool(1);
    harness.world.failNext('purge', new DozeError('DOCKER_FAILED', 'busy'));
    await setPool(harness, 0);
    await harness.clock.advance(0);
    expect(pool(harness)).toMatchObject({ size: 0, discarding: 1, problem: { count: 1 } });
    await harness.clock.advance(2 * MINUTE_MS);
    expect(harness.control.operations.listPools()).toEqual([]);
  });
});

describe('a spare', () => {
  it('that somebody removed is made whole again', async () => {
    const harness = await fullPool(1);
    harness.world.vanish(harness.ids[0] ?? '');
    await harness.clock.advance(0);
    expect(pool(harness)).toMatchObject({ ready: 1 });
    expect(stateOf(harness, harness.ids[0] ?? '')).toBe('parked');
  });

  it('that was found stopped, as after a restart of Docker, is parked again', async () => {
    const harness = await fullPool(1);
    harness.world.crash(harness.ids[0] ?? '', { atMs: null, code: 0, isOutOfMemory: false });
    await harness.clock.advance(0);
    expect(stateOf(harness, harness.ids[0] ?? '')).toBe('parked');
  });

  it('whose instance is gone unnoticed is a new compute all the same', async () => {
    const harness = await fullPool(1);
    const [id = ''] = harness.ids;
    harness.world.drop(id);
    harness.world.data.delete(id);
    expect(await harness.start('shop')).toMatchObject({ id, state: 'active' });
  });

  it('is back in its pool when the compute that was to take it could not be put on record', async () => {
    const harness = await fullPool(1);
    const append = harness.store.append.bind(harness.store);
    const full = new DozeError('DISK_FULL', 'full');
    Object.assign(harness.store, {
      append: () => {
        throw full;
      },
    });
    await expect(harness.start('shop')).rejects.toBe(full);
    Object.assign(harness.store, { append });
    expect(harness.gate.log.at(-1)).toBe(`close ${harness.ids[0] ?? ''}`);
    expect(pool(harness).ready).toBe(1);
    expect((await harness.start('shop')).id).toBe(harness.ids[0]);
  });

  it('is no orphan, and survives a new agent', async () => {
    const harness = await fullPool(2);
    const next = await harness.restartAgent();
    await next.clock.advance(MINUTE_MS);
    expect(next.store.listSpares().map(({ id }) => id)).toEqual(harness.ids);
    expect(harness.ids.map((id) => stateOf(next, id))).toEqual(['parked', 'parked']);
  });
});

describe('an agent that dies', () => {
  it.each(['create', 'start', 'suspend'] as const)('at the %s of a spare leaves it to the next', async (verb) => {
    const harness = await createHarness();
    harness.world.holdNext(verb);
    await setPool(harness, 1);
    await harness.clock.advance(1000);
    const [before] = harness.store.listSpares();
    expect(before?.state).toBe('making');
    harness.control.close();
    const next = await harness.restartAgent();
    await next.clock.advance(1000);
    expect(next.store.listSpares()).toEqual([{ ...before, state: 'ready' }]);
    expect([...next.world.instances.values()].map(({ state }) => state)).toEqual(['parked']);
  });

  it('while it discards one leaves that to the next', async () => {
    const harness = await fullPool(1);
    harness.world.holdNext('purge');
    await setPool(harness, 0);
    await harness.clock.advance(0);
    harness.control.close();
    const next = await harness.restartAgent();
    await next.clock.advance(1000);
    expect(next.store.listSpares()).toEqual([]);
    expect([next.world.instances.size, next.world.data.size]).toEqual([0, 0]);
  });

  it('right after the record of the compute leaves a compute and no spare', async () => {
    const harness = await fullPool(1);
    const [id = ''] = harness.ids;
    const [row] = harness.store.listSpares();
    harness.world.holdNext('create');
    void harness.start('shop').catch(quiet);
    await harness.clock.advance(0);
    harness.control.close();
    // As if it had died before the spare's own record went.
    if (row !== undefined) harness.store.putSpare(row);
    const next = await harness.restartAgent();
    await next.clock.advance(5000);
    expect(next.compute('shop')).toMatchObject({ id, state: 'active' });
    expect(next.store.listSpares().map((spare) => spare.id)).not.toContain(id);
    expect(next.control.operations.listPools()).toMatchObject([{ ready: 1 }]);
    expect(next.store.verify().differences).toEqual([]);
  });
});
