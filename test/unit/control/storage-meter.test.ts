import { describe, expect, it } from 'vitest';

import { createHarness, type Harness } from '../../support/control-harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function byteSeconds({ store }: Pick<Harness, 'store'>): number {
  const sums = store.usageSums({ fromMs: 0, toMs: Date.UTC(2100, 0) }, { byCompute: false, per: null });
  return Number(sums[0]?.storageByteSeconds ?? 0n);
}

/** What came to it while this went on, in bytes. */
async function averageBytes(harness: Harness, hours: number): Promise<number> {
  const before = byteSeconds(harness);
  await harness.clock.advance(hours * HOUR_MS);
  return (byteSeconds(harness) - before) / (hours * 3600);
}

async function withData(bytes: number, settings: Parameters<typeof createHarness>[0] = {}) {
  const harness = await createHarness(settings);
  const compute = await harness.start('shop');
  harness.world.dataBytes.set(compute.id, bytes);
  await harness.clock.advance(MINUTE_MS);
  return { harness, id: compute.id };
}

describe('the storage of a compute', () => {
  it('is metered from its first measurement on, awake and asleep, and waking none', async () => {
    const { harness } = await withData(1000);
    expect(await averageBytes(harness, 3)).toBe(1000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', wakes: 0 });
  });

  it('is what it measures while it is awake', async () => {
    const { harness, id } = await withData(1000, { ladder: [] });
    harness.world.dataBytes.set(id, 3000);
    await harness.clock.advance(6 * MINUTE_MS);
    expect(await averageBytes(harness, 1)).toBe(3000);
  });

  it('is measured before the first sleep, if that comes too soon for anything else', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.world.dataBytes.set(id, 500);
    await harness.control.operations.suspend('default', 'shop', {}, () => undefined);
    harness.world.dataBytes.set(id, 9999);
    await harness.clock.advance(2 * MINUTE_MS);
    expect(await averageBytes(harness, 1)).toBe(500);
  });

  it('of one that sleeps and was never measured is asked for once, and of few at a time', async () => {
    const harness = await createHarness();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      ids.push((await harness.start(name)).id);
      harness.world.data.delete(ids.at(-1) ?? '');
      await harness.control.operations.suspend('default', name, {}, () => undefined);
    }
    harness.control.close();
    const next = await harness.restartAgent();
    for (const id of ids) next.world.data.set(id, 1);
    const known = (): number => next.store.storageLevels().length;
    await next.clock.advance(10_000);
    expect(known()).toBe(2);
    await next.clock.advance(10_000);
    expect(known()).toBe(4);
    await next.clock.advance(10_000);
    expect(known()).toBe(5);
  });

  it('counts while it is destroyed and kept, and no longer', async () => {
    const { harness } = await withData(1000, { keepDestroyedMs: 10 * HOUR_MS });
    await harness.control.operations.destroy('default', 'shop', {}, () => undefined);
    expect(await averageBytes(harness, 9)).toBe(1000);
    await harness.clock.advance(HOUR_MS + 2 * MINUTE_MS);
    expect(await averageBytes(harness, 5)).toBe(0);
    expect(harness.store.storageLevels()).toEqual([]);
  });

  it('counts its snapshots, each with its own size', async () => {
    const { harness, id } = await withData(1000);
    await harness.control.operations.createSnapshot('default', 'shop', 'before', () => undefined);
    const [snapshot] = harness.store.listSnapshots(id);
    harness.store.putSnapshot({ ...snapshot!, copied: { ...snapshot!.copied!, bytes: 400 } });
    await harness.clock.advance(2 * MINUTE_MS);
    expect(await averageBytes(harness, 1)).toBe(1400);
    await harness.control.operations.deleteSnapshot('default', 'shop', 'before');
    await harness.clock.advance(2 * MINUTE_MS);
    expect(await averageBytes(harness, 1)).toBe(1000);
  });

  it('on a storage tier is what the tier says', async () => {
    const harness = await createHarness();
    harness.storageTier.bytes = 5000;
    await harness.start('shop', { image: 'image', storage: { pageServer: 'ps', safekeepers: 'sk' } });
    await harness.clock.advance(2 * MINUTE_MS);
    expect(await averageBytes(harness, 1)).toBe(5000);
  });

  it('goes on while there is no agent, by the clock that does not jump', async () => {
    const { harness } = await withData(1000);
    harness.control.close();
    const before = byteSeconds(harness);
    await harness.clock.advance(5 * HOUR_MS);
    harness.clock.jumpWall(-48 * HOUR_MS);
    const next = await harness.restartAgent();
    await next.clock.advance(MINUTE_MS);
    next.control.close();
    expect(byteSeconds(next) - before).toBe(1000 * (5 * 3600 + 60));
    expect(next.store.verify().differences).toEqual([]);
  });

  it('is counted once, when its account could not be written at first', async () => {
    const { harness } = await withData(1000);
    const before = byteSeconds(harness);
    const { accountStorage } = harness.store;
    Object.assign(harness.store, {
      accountStorage: () => {
        throw new RangeError('the disk is full');
      },
    });
    await harness.clock.advance(30 * MINUTE_MS);
    Object.assign(harness.store, { accountStorage });
    await harness.clock.advance(30 * MINUTE_MS);
    expect(byteSeconds(harness) - before).toBe(1000 * 3600);
  });
});

it('bills nothing twice when the agent ends between two parts of an account', async () => {
  const harness = await createHarness({ gatewayPorts: { from: 20_000, to: 20_200 } });
  const count = 101;
  for (let n = 0; n < count; n += 1) harness.world.dataBytes.set((await harness.start(`c${n}`)).id, 1000);
  await harness.clock.advance(10 * MINUTE_MS);
  const { accountStorage } = harness.store;
  const begun: { readonly atMs: number; readonly byteSeconds: number }[] = [];
  Object.assign(harness.store, {
    accountStorage(batch: Parameters<typeof accountStorage>[0]) {
      begun.push({ atMs: harness.store.storageLevels()[0]?.wallMs ?? 0, byteSeconds: byteSeconds(harness) });
      accountStorage(batch);
      if (batch.length === count - 1) queueMicrotask(() => harness.control.close());
    },
  });
  await harness.clock.advance(2 * MINUTE_MS);
  const levels = harness.store.storageLevels();
  const [{ wallMs } = { wallMs: 0 }] = levels;
  expect(levels.filter((level) => level.wallMs === wallMs)).toHaveLength(count);
  const [{ atMs, byteSeconds: before } = { atMs: 0, byteSeconds: 0 }] = begun;
  expect(wallMs).toBeGreaterThan(atMs);
  const expected = count * (wallMs - atMs);
  // What is less than a byte-second of each is left for its next account.
  expect(Math.abs(byteSeconds(harness) - before - expected)).toBeLessThanOrEqual(count);
});
