import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const quiet = (): undefined => undefined;
const ALL = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function totalMs(harness: Harness): number {
  return [...harness.store.segments(ALL)].reduce(
    (sum, segment) => sum + (segment.lengthMs ?? harness.control.openLengthMs(segment)),
    0,
  );
}

/** What an append meets on a full disk, until it is taken back. */
function fillDisk(harness: Harness): Disposable {
  const { append, heartbeat } = harness.store;
  const refuse = (): never => {
    throw new DozeError('DISK_FULL', 'no room');
  };
  Object.assign(harness.store, { append: refuse, heartbeat: refuse });
  return { [Symbol.dispose]: () => Object.assign(harness.store, { append, heartbeat }) };
}

describe('a server that ended while nothing could be put on record', () => {
  it.each([true, false])(
    'is billed to its end once there is room, and started again (end known: %s)',
    async (isKnown) => {
      const harness = await createHarness();
      const { id } = await harness.start('shop');
      await harness.clock.advance(2_000);
      {
        using _full = fillDisk(harness);
        const atMs = isKnown ? harness.clock.wallMs() : null;
        harness.world.crash(id, { atMs, code: 134, isOutOfMemory: false });
        await settle();
        await harness.clock.advance(40_000);
        await expect(harness.control.operations.suspend('default', 'shop', {}, quiet)).rejects.toMatchObject({
          code: 'DISK_FULL',
        });
        await expect(harness.control.host.wake(id, new AbortController().signal)).rejects.toMatchObject({
          code: 'DISK_FULL',
        });
        expect(totalMs(harness)).toBe(2_000);
      }
      const { action } = await harness.control.operations.resume('default', 'shop', quiet);
      expect(action).toBe('resumed');
      expect(harness.compute('shop').state).toBe('active');
      expect(totalMs(harness)).toBe(2_000);
    },
  );
});

describe('a server whose crash comes to light when a client asks for it', () => {
  it('is started for that client, without the pause after a failure', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    {
      using _full = fillDisk(harness);
      harness.world.crash(id, { atMs: harness.clock.wallMs(), code: 134, isOutOfMemory: false });
      await settle();
    }
    const endpoint = await harness.control.host.wake(id, new AbortController().signal);
    expect(endpoint).toMatchObject({ port: 3306 });
    const types = harness.store.listEvents({ computeId: id }).map(({ event }) => event.type);
    expect(types).toEqual(expect.arrayContaining(['instanceCrashed', 'resumeRequested']));
  });
});

describe('an agent that comes back', () => {
  it('adopts a running compute, and its segment goes on as if nothing had been', async () => {
    const before = await createHarness();
    const { id } = await before.start('shop');
    await before.clock.advance(20_000);
    const after = await before.restartAgent();
    await after.clock.advance(10_000);
    expect(after.control.host.activeEndpoint(id)).toMatchObject({ port: 3306 });
    expect(totalMs(after)).toBe(30_000);
  });

  it('counts the time during which no agent ran but the server did', async () => {
    const before = await createHarness();
    await before.start('shop');
    await before.clock.advance(7_000);
    before.control.close();
    await before.clock.advance(3_600_000);
    const after = await before.restartAgent();
    expect(totalMs(after)).toBe(3_607_000);
  });

  it('closes the segment at the instant the driver knows, when the server died meanwhile', async () => {
    const before = await createHarness();
    const { id } = await before.start('shop');
    await before.clock.advance(20_000);
    before.control.close();
    before.world.instances.set(id, {
      computeId: id,
      state: 'stopped',
      endpoint: null,
      exit: { atMs: before.clock.wallMs() + 4_000, code: 137, isOutOfMemory: false },
    });
    await before.clock.advance(600_000);
    const after = await before.restartAgent();
    expect(after.compute('shop')).toMatchObject({ state: 'suspended', depth: 'stopped' });
    expect(totalMs(after)).toBe(24_000);
  });

  it('closes it at the last proof of life when nobody knows more', async () => {
    const before = await createHarness();
    const { id } = await before.start('shop');
    await before.clock.advance(20_000);
    before.control.close();
    before.world.instances.delete(id);
    await before.clock.advance(600_000);
    const after = await before.restartAgent();
    expect(after.compute('shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
    expect(totalMs(after)).toBe(20_000);
  });

  it('bills by the monotonic clock when the wall clock jumps an hour ahead or back', async () => {
    for (const jumpMs of [3_600_000, -3_600_000]) {
      const harness = await createHarness();
      await harness.start('shop');
      await harness.clock.advance(10_000);
      harness.clock.jumpWall(jumpMs);
      await harness.clock.advance(10_000);
      await harness.control.operations.suspend('default', 'shop', {}, quiet);
      expect(totalMs(harness)).toBe(20_000);
    }
  });

  it.each(['create', 'start'] as const)('finishes a creation that died in %s', async (verb) => {
    const before = await createHarness();
    before.world.holdNext(verb);
    void before.start('shop').catch(quiet);
    await settle();
    expect(before.compute('shop').state).toBe('creating');
    const after = await before.restartAgent();
    expect(after.compute('shop')).toMatchObject({ state: 'active', lastWake: { cause: 'create' } });
  });

  it('finishes a suspend', async () => {
    const before = await createHarness();
    await before.start('shop');
    before.world.holdNext('suspend');
    void before.control.operations.suspend('default', 'shop', { depth: 'stopped' }, quiet);
    await settle();
    expect(before.compute('shop').state).toBe('suspending');
    const after = await before.restartAgent();
    expect(after.compute('shop')).toMatchObject({ state: 'suspended', depth: 'stopped' });
  });

  it('finishes a wake, and it stays a wake in the ledger', async () => {
    const before = await createHarness();
    const { id } = await before.start('shop');
    await before.control.operations.suspend('default', 'shop', {}, quiet);
    before.world.holdNext('start');
    void before.control.host.wake(id, new AbortController().signal).catch(quiet);
    await settle();
    const after = await before.restartAgent();
    expect(after.compute('shop')).toMatchObject({ state: 'active', wakes: 1 });
  });

  it.each([true, false])('finishes a destroy (purge: %s)', async (purge) => {
    const before = await createHarness();
    const { id } = await before.start('shop');
    before.world.holdNext('remove');
    void before.control.operations.destroy('default', 'shop', { purge }, quiet).catch(quiet);
    await settle();
    const after = await before.restartAgent();
    expect(after.store.getCompute(id)?.state).toBe('destroyed');
    expect(after.world.instances.has(id)).toBe(false);
    expect(after.world.data.has(id)).toBe(!purge);
  });

  it('removes an instance that belongs to no compute', async () => {
    const before = await createHarness();
    before.world.instances.set('cstray', { computeId: 'cstray', state: 'running', endpoint: null, exit: null });
    const after = await before.restartAgent();
    expect(after.world.instances.has('cstray')).toBe(false);
  });

  it('suspends again what runs though it should sleep', async () => {
    const before = await createHarness();
    const { id } = await before.start('shop');
    await before.control.operations.suspend('default', 'shop', { depth: 'stopped' }, quiet);
    before.world.instances.set(id, { computeId: id, state: 'running', endpoint: null, exit: null });
    const after = await before.restartAgent();
    expect(after.world.instances.get(id)?.state).toBe('stopped');
    expect(after.compute('shop')).toMatchObject({ state: 'suspended', depth: 'stopped' });
  });

  it('moves a compute to another port when its own was taken, and keeps that one', async () => {
    const before = await createHarness();
    await before.start('shop');
    const after = await before.restartAgent();
    expect(after.compute('shop').port).toBe(20_000);
    expect(after.gate.log).toEqual([`open ${after.compute('shop').id} 20000`]);
  });

  it('rebuilds the same computes and segments from the log after all that', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    await harness.control.operations.resume('default', 'shop', quiet);
    await harness.control.operations.destroy('default', 'shop', {}, quiet);
    expect(harness.store.verify()).toEqual({ isConsistent: true, differences: [] });
  });
});

describe('a server that ends by itself', () => {
  it('killed by its memory limit: failed, with the reason, the log and an exact bill', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.clock.advance(12_000);
    harness.world.crash(id, { atMs: harness.clock.wallMs(), code: 137, isOutOfMemory: true });
    await settle();
    expect(harness.compute('shop')).toMatchObject({
      state: 'failed',
      failure: { code: 'SERVER_CRASHED', logTail: [`fake server of ${id}`] },
    });
    expect(harness.compute('shop').failure?.message).toContain('more memory than its size allows');
    expect(totalMs(harness)).toBe(12_000);
  });

  it('crashed: failed, and the next client wakes it after a pause', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.world.crash(id, { atMs: harness.clock.wallMs(), code: 139, isOutOfMemory: false });
    await settle();
    expect(harness.compute('shop').state).toBe('failed');
    await harness.clock.advance(2_000);
    await harness.control.host.wake(id, new AbortController().signal);
    expect(harness.compute('shop').state).toBe('active');
  });

  it.each([0, 137, 143])('stopped by hand (exit code %d): asleep, and the next client wakes it', async (code) => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.world.crash(id, { atMs: harness.clock.wallMs(), code, isOutOfMemory: false });
    await settle();
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'stopped' });
    await harness.control.host.wake(id, new AbortController().signal);
    expect(harness.compute('shop').state).toBe('active');
  });

  it('removed by hand while asleep: its record says so, and a wake makes it anew', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    harness.world.vanish(id);
    await settle();
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
    await harness.control.host.wake(id, new AbortController().signal);
    expect(harness.world.data.get(id)).toBe(1);
  });

  it('removed by hand while active: the segment ends when the driver said so', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.clock.advance(3_000);
    harness.world.vanish(id);
    await settle();
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
    expect(totalMs(harness)).toBe(3_000);
  });

  it('leaves computes as they are while the driver cannot be asked', async () => {
    const before = await createHarness();
    await before.start('shop');
    before.world.failNext('list', new DozeError('DOCKER_UNAVAILABLE', 'no engine'));
    const after = await before.restartAgent();
    expect(after.compute('shop').state).toBe('active');
    await after.clock.advance(30_000);
    expect(after.control.host.activeEndpoint(after.compute('shop').id)).toMatchObject({ port: 3306 });
  });
});
