import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const quiet = (): undefined => undefined;

function clone(harness: Harness, source: string, name: string, at: string | null = null) {
  return harness.control.operations.clone('default', source, { name, at }, quiet);
}

function snapshot(harness: Harness, name: string, snapshotName: string | null = null) {
  return harness.control.operations.createSnapshot('default', name, snapshotName, quiet);
}

function callsOf(harness: Harness, ...verbs: string[]): string[] {
  return harness.world.calls.filter((call) => verbs.includes(call.split(' ')[0] ?? ''));
}

describe('a clone', () => {
  it('of a compute that is awake freezes it for the copy, with its clients held, and thaws it', async () => {
    const harness = await createHarness();
    const shop = await harness.start('shop');
    const order: string[] = [];
    harness.engine.hold = async () => {
      order.push('hold writes');
      return Promise.resolve({
        [Symbol.asyncDispose]: async () =>
          Promise.resolve(void order.push(harness.world.instances.get(shop.id)?.state ?? '')),
      });
    };
    const letGo = harness.world.holdNext('copyData');
    const cloning = clone(harness, 'shop', 'branch');
    await expect.poll(() => harness.world.calls.at(-1)).toMatch(/^copyData/);
    expect(harness.gate.held).toEqual(new Set([shop.id]));
    expect(harness.world.instances.get(shop.id)?.state).toBe('frozen');
    await harness.clock.advance(1500);
    letGo();
    const { compute, action, copied, notes } = await cloning;
    expect(action).toBe('cloned');
    expect(copied).toMatchObject({ isCopyOnWrite: false, isClean: false, areWritesHeld: true, frozenMs: 1500 });
    expect(notes).toEqual([expect.stringContaining('plain copy')]);
    expect(compute).toMatchObject({ name: 'branch', state: 'active', database: 'shop', user: 'app' });
    expect(compute.id).not.toBe(shop.id);
    expect(compute.port).not.toBe(shop.port);
    expect(harness.store.getSecrets(compute.id)).not.toEqual(harness.store.getSecrets(shop.id));
    expect(order).toEqual(['hold writes', 'running']);
    expect(harness.gate.held).toEqual(new Set());
    expect(harness.compute('shop').state).toBe('active');
    expect(harness.store.verify().differences).toEqual([]);
  });

  it.each(['frozen', 'parked', 'stopped', 'removed'] as const)('of one that is %s leaves it asleep', async (depth) => {
    const harness = await createHarness();
    await harness.start('shop');
    await harness.control.operations.suspend('default', 'shop', { depth }, quiet);
    const { compute, copied } = await clone(harness, 'shop', 'branch');
    expect(compute.state).toBe('active');
    expect(copied).toMatchObject({ frozenMs: null, isClean: depth !== 'frozen' });
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth });
  });

  it('says nothing of room where blocks are shared', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    harness.world.copying.isCopyOnWrite = true;
    const { copied, notes } = await clone(harness, 'shop', 'branch');
    expect(copied?.isCopyOnWrite).toBe(true);
    expect(notes).toEqual([]);
  });

  it('is refused where there is one of its name, no source, no such snapshot, or no data of its own', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    const storage = { pageServer: 'ps', safekeepers: 'sk' };
    await harness.start('tier', { image: 'x', storage });
    await expect(clone(harness, 'shop', 'shop')).rejects.toMatchObject({ code: 'NAME_IN_USE' });
    await expect(clone(harness, 'nobody', 'branch')).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    await expect(clone(harness, 'shop', 'branch', 'none')).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
    await expect(clone(harness, 'tier', 'branch')).rejects.toMatchObject({
      code: 'CLONE_UNSUPPORTED',
      hint: 'doze storage snapshot create ps',
    });
    await expect(snapshot(harness, 'tier')).rejects.toMatchObject({ code: 'CLONE_UNSUPPORTED' });
    expect(harness.store.findCompute('default', 'branch')).toBeNull();
  });

  it('whose copy fails leaves nothing, and its source awake', async () => {
    const harness = await createHarness();
    const shop = await harness.start('shop');
    harness.world.failNext('copyData', new DozeError('DISK_FULL', 'no room'));
    await expect(clone(harness, 'shop', 'branch')).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(harness.store.findCompute('default', 'branch')).toBeNull();
    expect([...harness.world.data.keys()]).toEqual([shop.id]);
    expect(harness.world.instances.get(shop.id)?.state).toBe('running');
    expect(harness.gate.held).toEqual(new Set());
    expect((await clone(harness, 'shop', 'branch')).compute.state).toBe('active');
    expect(harness.store.verify().differences).toEqual([]);
  });

  it('is refused while a statement that writes does not end, and nobody is held', async () => {
    const harness = await createHarness();
    const shop = await harness.start('shop');
    harness.engine.hold = async () => Promise.reject(new DozeError('COMPUTE_BUSY', 'busy', { hint: 'later' }));
    await expect(snapshot(harness, 'shop')).rejects.toMatchObject({ code: 'COMPUTE_BUSY' });
    expect(harness.gate.held).toEqual(new Set());
    expect(harness.world.instances.get(shop.id)?.state).toBe('running');
    expect(harness.store.listSnapshots()).toEqual([]);
  });

  it('of a source that is destroyed meanwhile fails, and leaves nothing', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    const letGo = harness.world.holdNext('suspend');
    const destroying = harness.control.operations.destroy('default', 'shop', {}, quiet);
    const cloning = clone(harness, 'shop', 'branch');
    cloning.catch(quiet);
    letGo();
    await destroying;
    await expect(cloning).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    expect(harness.store.findCompute('default', 'branch')).toBeNull();
  });

  it('puts a source that could not be thawed on record as it is, so that the next client wakes it', async () => {
    const harness = await createHarness();
    const shop = await harness.start('shop');
    const letGo = harness.world.holdNext('copyData');
    const taking = snapshot(harness, 'shop', 'one');
    await expect.poll(() => harness.world.calls.at(-1)).toMatch(/^copyData/);
    harness.world.failNext('start', new DozeError('DOCKER_UNAVAILABLE', 'no Docker'));
    letGo();
    await taking;
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'frozen' });
    await harness.control.host.wake(shop.id, new AbortController().signal);
    expect(harness.compute('shop').state).toBe('active');
    expect(harness.store.verify().differences).toEqual([]);
  });

  it('is finished by the next agent, which does not start it without its data', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    harness.world.holdNext('copyData');
    clone(harness, 'shop', 'branch').catch(quiet);
    await expect.poll(() => harness.world.calls.at(-1)).toMatch(/^copyData/);
    const id = harness.compute('branch').id;
    const next = await harness.restartAgent();
    expect(next.compute('branch')).toMatchObject({ state: 'active', copied: { bytes: 1024 } });
    expect(
      callsOf(next, 'copyData', 'create')
        .filter((call) => call.endsWith(id))
        .map((call) => call.split(' ')[0]),
    ).toEqual(['copyData', 'copyData', 'create']);
  });
});

describe('a snapshot', () => {
  it('is listed under its name, and one without a name gets one from the time', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    const { snapshot: second } = await snapshot(harness, 'shop');
    const { snapshot: third } = await snapshot(harness, 'shop');
    expect(second.name).toMatch(/^s\d{8}-\d{6}$/);
    expect(third.name).toBe(`${second.name}-2`);
    const listed = harness.control.operations.listSnapshots('default', 'shop').map(({ name }) => name);
    expect(listed.sort()).toEqual(['first', second.name, third.name].sort());
    await expect(snapshot(harness, 'shop', 'first')).rejects.toMatchObject({ code: 'NAME_IN_USE' });
    await expect(snapshot(harness, 'shop', 'No')).rejects.toMatchObject({ code: 'NAME_INVALID' });
  });

  it('can be cloned from without waking its compute, and outlives the clone', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    const { compute } = await clone(harness, 'shop', 'branch', 'first');
    expect(compute.clonedFrom?.snapshotId).toBe(harness.store.listSnapshots()[0]?.id);
    expect(harness.compute('shop').state).toBe('suspended');
    await harness.control.operations.destroy('default', 'branch', { purge: true }, quiet);
    expect(harness.world.snapshots.size).toBe(1);
  });

  it('that fails leaves neither record nor data', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    harness.world.failNext('copyData', new DozeError('DISK_FULL', 'no room'));
    await expect(snapshot(harness, 'shop', 'first')).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(harness.store.listSnapshots()).toEqual([]);
    expect(callsOf(harness, 'removeSnapshot')).toHaveLength(1);
  });

  it('that a dead agent was making or deleting is gone after the next start', async () => {
    const harness = await createHarness();
    const { id: computeId } = await harness.start('shop');
    for (const state of ['making', 'deleting'] as const) {
      harness.store.putSnapshot({ id: state, computeId, name: state, createdAtMs: 0, state, copied: null });
      harness.world.snapshots.set(`${computeId}/${state}`, { data: 1, isComplete: true });
    }
    const next = await harness.restartAgent();
    expect(next.store.listSnapshots()).toEqual([]);
    expect(next.world.snapshots.size).toBe(0);
  });

  it('that no record knows is removed only if it never was whole', async () => {
    const harness = await createHarness();
    harness.world.snapshots.set('c9/whole', { data: 1, isComplete: true });
    harness.world.snapshots.set('c9/half', { data: 1, isComplete: false });
    const next = await harness.restartAgent();
    expect([...next.world.snapshots.keys()]).toEqual(['c9/whole']);
  });

  it('goes with its compute when that is purged, and not before', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    await harness.control.operations.destroy('default', 'shop', {}, quiet);
    expect(harness.control.operations.listSnapshots('default', 'shop')).toHaveLength(1);
    await harness.control.operations.destroy('default', 'shop', { purge: true }, quiet);
    expect(harness.world.snapshots.size).toBe(0);
    expect(harness.store.listSnapshots()).toEqual([]);
  });

  it('is deleted by its name', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    await harness.control.operations.deleteSnapshot('default', 'shop', 'first');
    expect(harness.world.snapshots.size).toBe(0);
    await expect(harness.control.operations.deleteSnapshot('default', 'shop', 'first')).rejects.toMatchObject({
      code: 'SNAPSHOT_NOT_FOUND',
    });
  });
});

describe('going back to a snapshot', () => {
  it.each([null, 'frozen', 'parked'] as const)('wakes the compute with what was (asleep before: %s)', async (depth) => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    harness.world.data.set(id, 99);
    if (depth !== null) await harness.control.operations.suspend('default', 'shop', { depth }, quiet);
    const { action, compute } = await harness.control.operations.restoreSnapshot('default', 'shop', 'first', quiet);
    expect(action).toBe('restored');
    expect(compute).toMatchObject({ state: 'active' });
    expect(compute.restoring).toBeUndefined();
    expect(harness.world.data.get(id)).toBe(1);
    expect(harness.gate.held).toEqual(new Set());
    expect(harness.store.verify().differences).toEqual([]);
  });

  it('saves a compute that failed', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    harness.world.crash(id, { atMs: 0, code: 1, isOutOfMemory: false });
    await expect.poll(() => harness.compute('shop').state).toBe('failed');
    const { compute } = await harness.control.operations.restoreSnapshot('default', 'shop', 'first', quiet);
    expect(compute).toMatchObject({ state: 'active', failure: null });
  });

  it('that finds no room leaves the compute asleep as it was', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    harness.world.data.set(id, 99);
    harness.world.failNext('copyData', new DozeError('DISK_FULL', 'no room'));
    const restoring = harness.control.operations.restoreSnapshot('default', 'shop', 'first', quiet);
    await expect(restoring).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(harness.compute('shop').restoring).toBeUndefined();
    await harness.control.operations.resume('default', 'shop', quiet);
    expect(harness.world.data.get(id)).toBe(99);
  });

  it('that was cut short is carried out before anything is started', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    harness.world.data.set(id, 99);
    harness.world.failNext('copyData', new DozeError('TIMED_OUT', 'too long'));
    const restoring = harness.control.operations.restoreSnapshot('default', 'shop', 'first', quiet);
    await expect(restoring).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(harness.compute('shop').restoring).toMatchObject({ copyId: expect.any(String) as string });
    await expect(harness.control.operations.deleteSnapshot('default', 'shop', 'first')).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    await harness.control.host.wake(id, new AbortController().signal);
    expect(harness.world.data.get(id)).toBe(1);
    expect(harness.compute('shop').restoring).toBeUndefined();
  });

  it('that a dead agent had begun is finished by the next', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await snapshot(harness, 'shop', 'first');
    harness.world.data.set(id, 99);
    harness.world.holdNext('copyData');
    harness.control.operations.restoreSnapshot('default', 'shop', 'first', quiet).catch(quiet);
    await expect.poll(() => harness.world.calls.at(-1)).toMatch(/^copyData/);
    const next = await harness.restartAgent();
    expect(next.compute('shop')).toMatchObject({ state: 'suspended', depth: 'removed' });
    expect(next.compute('shop').restoring).toBeUndefined();
    expect(next.world.data.get(id)).toBe(1);
  });
});
