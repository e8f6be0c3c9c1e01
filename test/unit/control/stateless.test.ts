import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness } from '../../support/control-harness.ts';

const quiet = (): undefined => undefined;
const never = new AbortController().signal;
const STORAGE = { image: 'tier/mariadb:1', storage: { pageServer: 'ps', safekeepers: 'sk' } } as const;

async function started() {
  const harness = await createHarness();
  const { id } = await harness.start('shop', STORAGE);
  return { harness, id };
}

describe('a compute that keeps nothing', () => {
  it('has no data of its own, and is removed at every suspend', async () => {
    const { harness, id } = await started();
    expect(harness.compute('shop')).toMatchObject({
      state: 'active',
      suspendDepth: 'removed',
      storage: STORAGE.storage,
    });
    expect(harness.world.data.has(id)).toBe(false);
    for (const depth of ['frozen', 'parked', 'stopped'] as const) {
      const { notes } = await harness.control.operations.suspend('default', 'shop', { depth }, quiet);
      expect(notes).toEqual([`"shop" keeps nothing, so it is removed instead of ${depth}`]);
      expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
      expect(harness.world.instances.has(id)).toBe(false);
      await harness.control.host.wake(id, never);
    }
  });

  it('is started under a higher generation each time, so that no two meet', async () => {
    const { harness, id } = await started();
    const generations = [harness.world.generations.get(id) ?? 0];
    for (let round = 0; round < 5; round += 1) {
      await harness.control.operations.suspend('default', 'shop', {}, quiet);
      await harness.control.host.wake(id, never);
      generations.push(harness.world.generations.get(id) ?? 0);
    }
    expect(generations).toEqual(generations.toSorted((a, b) => a - b));
    expect(new Set(generations).size).toBe(6);
    expect(harness.world.displaced).toEqual([]);
  });

  it('is finished by the next agent as the instance that the last one began', async () => {
    const { harness, id } = await started();
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    harness.engine.ready = async () => new Promise(() => undefined);
    void harness.control.host.wake(id, never).catch(() => undefined);
    while (harness.world.generations.get(id) === undefined) await harness.clock.advance(1);
    const begun = harness.world.generations.get(id);
    const next = await harness.restartAgent();
    expect(next.compute('shop').state).toBe('active');
    expect(next.world.generations.get(id)).toBe(begun);
    expect(next.world.displaced).toEqual([]);
  });
});

describe('the gate before it', () => {
  const refusal = new DozeError('STORAGE_UNAVAILABLE', 'the Safekeepers "sk" cannot serve it: no quorum');

  it('is passed before a start and before every wake', async () => {
    const { harness, id } = await started();
    expect(harness.storageTier.passes).toBe(1);
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    await harness.control.host.wake(id, never);
    expect(harness.storageTier.passes).toBe(2);
  });

  it('leaves no trace of a compute that it does not let start', async () => {
    const harness = await createHarness();
    harness.storageTier.refusal = refusal;
    await expect(harness.start('shop', STORAGE)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(harness.store.listComputes({ includeDestroyed: true })).toEqual([]);
    expect(harness.world.calls.filter((call) => !call.startsWith('list'))).toEqual([]);
  });

  it('leaves a sleeping one asleep, and says why to whoever wanted it', async () => {
    const { harness, id } = await started();
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    const events = harness.store.listEvents({ computeId: id }).length;
    harness.storageTier.refusal = refusal;
    await expect(harness.control.host.wake(id, never)).rejects.toMatchObject({ message: refusal.message });
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'removed', failure: null });
    expect(harness.store.listEvents({ computeId: id })).toHaveLength(events);
    harness.storageTier.refusal = null;
    await expect(harness.control.host.wake(id, never)).resolves.toMatchObject({ host: '127.0.0.1' });
  });

  it('does not touch one that runs, whatever becomes of the tier', async () => {
    const { harness, id } = await started();
    harness.storageTier.refusal = refusal;
    await harness.clock.advance(60_000);
    await expect(harness.control.host.wake(id, never)).resolves.toMatchObject({ host: '127.0.0.1' });
    expect(harness.compute('shop').state).toBe('active');
  });

  it('is not there for a compute with a volume', async () => {
    const harness = await createHarness();
    harness.storageTier.refusal = refusal;
    await harness.start('shop');
    expect(harness.storageTier.passes).toBe(0);
  });
});
