import { describe, expect, it } from 'vitest';

import type { ComputeEventType } from '../../../src/lib/domain/index.ts';
import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ALL = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const quiet = (): undefined => undefined;

function start(harness: Harness, options: Parameters<Harness['start']>[1] = {}) {
  return harness.control.operations.start('default', 'ci', { ephemeral: true, ...options }, quiet);
}

function set(harness: Harness, leaseMs: number | null) {
  return harness.control.operations.set('default', 'ci', { leaseMs });
}

function eventsOf({ store }: Harness, computeId: string, ...types: ComputeEventType[]) {
  return store.listEvents({ computeId, types }).map(({ event }) => event);
}

/** Nothing of it is left but what the ledger says. */
function expectGone(harness: Harness, id: string): void {
  expect(harness.store.findCompute('default', 'ci')).toBeNull();
  expect(harness.store.getCompute(id)).toMatchObject({ state: 'destroyed', keptUntilMs: null });
  expect(harness.world.instances.has(id)).toBe(false);
  expect(harness.world.data.has(id)).toBe(false);
  expect([...harness.world.snapshots.keys()].filter((key) => key.startsWith(id))).toEqual([]);
  expect(harness.store.listSnapshots(id)).toEqual([]);
  expect(harness.store.getSecrets(id)).toBeNull();
  expect(harness.store.getAccounts(id)).toBeNull();
  expect(harness.store.openSegment(id)).toBeNull();
  expect(harness.store.verify().differences).toEqual([]);
}

describe('an ephemeral compute', () => {
  it('says when it ends, an hour after it is on record', async () => {
    const harness = await createHarness();
    const { compute, notes } = await start(harness);
    expect(compute.lease).toEqual({ lengthMs: HOUR_MS, expiresAtMs: harness.clock.wallMs() + HOUR_MS });
    expect(notes).toEqual([
      'ephemeral: destroyed with its data in 1 h, at 2026-01-15T13:00:00Z, unless it is started again',
    ]);
  });

  it('says nothing of data that stays in a storage tier', async () => {
    const harness = await createHarness();
    const { notes } = await start(harness, { storage: { pageServer: 'ps', safekeepers: 'sk' } });
    expect(notes[0]).toMatch(/^ephemeral: destroyed in 1 h, at/);
  });

  it('is destroyed with its data at the end of its lease, not before, whoever uses it', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: harness.clock.monotonicMs() }];
    await harness.clock.advance(HOUR_MS - 1);
    expect(harness.compute('ci').state).toBe('active');
    await harness.clock.advance(1_000);
    expectGone(harness, id);
    expect(eventsOf(harness, id, 'destroyRequested')).toMatchObject([{ isPurge: true, reason: 'lease' }]);
    expect(harness.gate.log).toContain(`close ${id}: the lease of the ephemeral compute "ci" is over: it is destroyed`);
    await expect(harness.start('ci', { restore: true })).rejects.toMatchObject({ code: 'NOTHING_TO_RESTORE' });
  });

  it.each(['frozen', 'parked', 'stopped', 'removed'] as const)('is destroyed while it sleeps: %s', async (depth) => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    await harness.control.operations.suspend('default', 'ci', { depth }, quiet);
    await harness.clock.advance(HOUR_MS);
    expectGone(harness, id);
  });

  it('is destroyed after it has failed', async () => {
    const harness = await createHarness();
    harness.world.failNext('start', new DozeError('SERVER_START_FAILED', 'no'));
    await expect(start(harness)).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
    const { id } = harness.compute('ci');
    await harness.clock.advance(HOUR_MS);
    expectGone(harness, id);
  });

  it.each(['create', 'start'] as const)('is destroyed on time while it is being created: %s hangs', async (verb) => {
    const harness = await createHarness();
    harness.world.holdNext(verb);
    const starting = start(harness, { leaseMs: MINUTE_MS });
    const outcome = expect(starting).rejects.toMatchObject({ code: 'LEASE_OVER' });
    await settle();
    const { id } = harness.compute('ci');
    await harness.clock.advance(MINUTE_MS - 1);
    expect(harness.compute('ci').state).toBe('creating');
    await harness.clock.advance(1_000);
    await outcome;
    expectGone(harness, id);
  });

  it('is destroyed on time while a client waits for it, who is told why', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    await harness.control.operations.suspend('default', 'ci', { depth: 'stopped' }, quiet);
    harness.engine.ready = async (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const client = harness.control.host.wake(id, new AbortController().signal);
    const outcome = expect(client).rejects.toMatchObject({ code: 'LEASE_OVER' });
    await harness.clock.advance(HOUR_MS);
    await outcome;
    expectGone(harness, id);
  });

  it('is purged when somebody destroys it before, without grace', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    await harness.control.operations.createSnapshot('default', 'ci', 'before', quiet);
    const { action } = await harness.control.operations.destroy('default', 'ci', {}, quiet);
    expect(action).toBe('purged');
    expectGone(harness, id);
    expect(eventsOf(harness, id, 'destroyRequested')[0]).not.toHaveProperty('reason');
    await harness.clock.advance(2 * HOUR_MS);
    expect(eventsOf(harness, id, 'destroyRequested')).toHaveLength(1);
    const again = await harness.control.operations.destroy('default', 'ci', {}, quiet);
    expect(again).toMatchObject({ action: 'unchanged', notes: ['"ci" was already destroyed, and its data deleted'] });
  });

  it('takes a spare of the warm pool, and leaves the pool as it is when it ends', async () => {
    const harness = await createHarness();
    await harness.control.operations.setPool({ size: 1, image: null }, quiet);
    await harness.clock.advance(1_000);
    const [spare] = harness.store.listSpares();
    const { id, fromPool } = (await start(harness)).compute;
    expect([id, fromPool]).toEqual([spare?.id, true]);
    await harness.clock.advance(HOUR_MS);
    expectGone(harness, id);
    expect(harness.control.operations.listPools()).toMatchObject([{ size: 1, ready: 1 }]);
  });

  it('is billed for what it was active', async () => {
    const harness = await createHarness({ ladder: [] });
    await start(harness);
    await harness.clock.advance(2 * HOUR_MS);
    expect([...harness.store.segments(ALL)]).toMatchObject([{ lengthMs: HOUR_MS }]);
  });

  it('has not waited in vain for its turn: the lease counts from its record', async () => {
    const harness = await createHarness({ hostLimits: { here: 0.5, elsewhere: null } });
    await harness.start('other', { suspendAfterMs: null });
    const starting = start(harness, { leaseMs: MINUTE_MS });
    await harness.clock.advance(5 * MINUTE_MS);
    await harness.control.operations.destroy('default', 'other', {}, quiet);
    const { compute } = await starting;
    expect(compute.lease?.expiresAtMs).toBe(harness.clock.wallMs() + MINUTE_MS);
  });
});

describe('the end of a lease', () => {
  it('is the first thing that the next agent sees to, if there was none at that instant', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    await harness.clock.advance(10 * MINUTE_MS);
    harness.control.close();
    harness.clock.jumpWall(24 * HOUR_MS);
    const again = await harness.restartAgent();
    await settle();
    expectGone(again, id);
    expect(again.gate.log).not.toContain(`open ${id} 20000`);
  });

  it('bills what its server did while no agent was there', async () => {
    const harness = await createHarness({ ladder: [] });
    const { id } = (await start(harness)).compute;
    await harness.clock.advance(10 * MINUTE_MS);
    harness.control.close();
    await harness.clock.leap(2 * HOUR_MS);
    const again = await harness.restartAgent();
    await settle();
    expectGone(again, id);
    expect([...again.store.segments(ALL)]).toMatchObject([{ lengthMs: 130 * MINUTE_MS }]);
  });

  it.each(['creating', 'resuming', 'suspending', 'destroying'] as const)(
    'is seen to by the next agent where the last one died while it was %s',
    async (state) => {
      const harness = await createHarness({ ladder: [] });
      const { control, world } = harness;
      const verb = state === 'suspending' ? 'suspend' : state === 'destroying' ? 'purge' : 'start';
      if (state !== 'creating') await start(harness);
      if (state === 'resuming') await control.operations.suspend('default', 'ci', { depth: 'stopped' }, quiet);
      world.holdNext(verb);
      const doing = {
        creating: () => start(harness),
        resuming: () => control.operations.resume('default', 'ci', quiet),
        suspending: () => control.operations.suspend('default', 'ci', { depth: 'stopped' }, quiet),
        destroying: () => control.operations.destroy('default', 'ci', {}, quiet),
      }[state]();
      doing.catch(quiet);
      await settle();
      const [found] = harness.store.listComputes({ includeDestroyed: true });
      expect(found?.state).toBe(state === 'destroying' ? 'destroyed' : state);
      control.close();
      harness.clock.jumpWall(2 * HOUR_MS);
      const again = await harness.restartAgent();
      await settle();
      expectGone(again, found?.id ?? '');
    },
  );

  it('is tried again after pauses when its instance cannot be removed, and is not forgotten', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    harness.world.failNext('remove', new DozeError('DOCKER_UNAVAILABLE', 'no Docker'));
    await harness.clock.advance(HOUR_MS);
    expect(harness.compute('ci')).toMatchObject({ state: 'failed', failure: { code: 'DOCKER_UNAVAILABLE' } });
    harness.world.failNext('remove', new DozeError('DOCKER_UNAVAILABLE', 'no Docker'));
    await harness.clock.advance(5_000);
    expect(harness.compute('ci').failure?.count).toBe(2);
    await harness.clock.advance(9_000);
    expect(harness.compute('ci').failure?.count).toBe(2);
    await harness.clock.advance(2_000);
    expectGone(harness, id);
  });

  it('leaves a purge that failed to the next round', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    harness.world.failNext('purge', new DozeError('DOCKER_UNAVAILABLE', 'no Docker'));
    await harness.clock.advance(HOUR_MS);
    expect(harness.world.data.has(id)).toBe(true);
    await harness.clock.advance(MINUTE_MS);
    expectGone(harness, id);
  });

  it('waits for a copy that somebody takes of it', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    await harness.clock.advance(59 * MINUTE_MS);
    const letGo = harness.world.holdNext('copyData');
    const cloning = harness.control.operations.clone('default', 'ci', { name: 'kept', at: null }, quiet);
    await harness.clock.advance(2 * MINUTE_MS);
    expect(harness.compute('ci').state).toBe('suspended');
    letGo();
    const { compute, notes } = await cloning;
    await harness.clock.advance(0);
    expectGone(harness, id);
    expect(compute).toMatchObject({ name: 'kept', state: 'active' });
    expect(compute.lease).toBeUndefined();
    expect(notes).toContain('"ci" is ephemeral, "kept" is not: it stays until it is destroyed');
    await harness.clock.advance(2 * HOUR_MS);
    expect(harness.compute('kept').state).toBe('suspended');
  });

  it('calls off the copy that a clone is being made from, and the source is as before', async () => {
    const harness = await createHarness();
    await harness.start('seed', { suspendAfterMs: null });
    harness.world.holdNext('copyData');
    const request = { name: 'ci', at: null, ephemeral: true, leaseMs: MINUTE_MS };
    const cloning = harness.control.operations.clone('default', 'seed', request, quiet);
    const outcome = expect(cloning).rejects.toMatchObject({ code: 'LEASE_OVER' });
    await settle();
    const { id } = harness.compute('ci');
    await harness.clock.advance(MINUTE_MS);
    await outcome;
    expectGone(harness, id);
    expect(harness.compute('seed').state).toBe('active');
    expect(harness.gate.held).toEqual(new Set());
  });

  it.each([-3 * HOUR_MS, 3 * HOUR_MS])('comes when its time is over, though the clock jumps by %i ms', async (ms) => {
    const harness = await createHarness({ ladder: [] });
    const { id } = (await start(harness)).compute;
    await harness.clock.advance(30 * MINUTE_MS);
    harness.clock.jumpWall(ms);
    await harness.clock.advance(30 * MINUTE_MS - 1);
    expect(harness.compute('ci').state).toBe('active');
    await harness.clock.advance(1_000);
    expectGone(harness, id);
  });

  it('is announced once, in its last twelfth, also by the next agent', async () => {
    const harness = await createHarness({ ladder: [] });
    const { id, lease } = (await start(harness)).compute;
    await harness.clock.advance(55 * MINUTE_MS - 1);
    expect(eventsOf(harness, id, 'leaseEnding')).toEqual([]);
    await harness.clock.advance(MINUTE_MS);
    expect(eventsOf(harness, id, 'leaseEnding')).toEqual([
      { type: 'leaseEnding', leaseExpiresAtMs: lease?.expiresAtMs },
    ]);
    harness.control.close();
    const again = await harness.restartAgent();
    await again.clock.advance(MINUTE_MS);
    expect(eventsOf(again, id, 'leaseEnding')).toHaveLength(1);
    await start(again);
    await again.clock.advance(56 * MINUTE_MS);
    expect(eventsOf(again, id, 'leaseEnding')).toHaveLength(2);
  });

  it('reads nothing of the store while it lies ahead', async () => {
    const harness = await createHarness({ ladder: [] });
    await start(harness);
    const { listEvents } = harness.store;
    let reads = 0;
    Object.assign(harness.store, {
      listEvents: (...args: Parameters<typeof listEvents>) => {
        reads += 1;
        return listEvents(...args);
      },
    });
    await harness.clock.advance(50 * MINUTE_MS);
    expect(reads).toBe(0);
  });
});

describe('a lease', () => {
  it('is renewed by a start, by its own length or another one, and the output says so', async () => {
    const harness = await createHarness({ ladder: [] });
    await start(harness, { leaseMs: 2 * HOUR_MS });
    await harness.clock.advance(110 * MINUTE_MS);
    const again = await harness.control.operations.start('default', 'ci', {}, quiet);
    expect(again.notes).toEqual([
      expect.stringMatching(/^its lease was renewed: destroyed with its data in 2 h, at .*Z, unless/),
      '"ci" is already active',
    ]);
    await harness.clock.advance(119 * MINUTE_MS);
    expect(harness.compute('ci').state).toBe('active');
    const { compute } = await start(harness, { leaseMs: 5 * MINUTE_MS });
    expect(compute.lease).toEqual({ lengthMs: 5 * MINUTE_MS, expiresAtMs: harness.clock.wallMs() + 5 * MINUTE_MS });
    await harness.clock.advance(5 * MINUTE_MS);
    expectGone(harness, compute.id);
  });

  it('is not renewed by a resume, a wake or a change of something else', async () => {
    const harness = await createHarness();
    const { lease, id } = (await start(harness)).compute;
    await harness.clock.advance(10 * MINUTE_MS);
    await harness.control.operations.resume('default', 'ci', quiet);
    await harness.control.operations.suspend('default', 'ci', { depth: 'stopped' }, quiet);
    await harness.control.host.wake(id, new AbortController().signal);
    await harness.control.operations.set('default', 'ci', { pool: 'transaction' });
    expect(harness.compute('ci').lease).toEqual(lease);
  });

  it('is set to another end from now on', async () => {
    const harness = await createHarness({ ladder: [] });
    const { id } = (await start(harness)).compute;
    await harness.clock.advance(50 * MINUTE_MS);
    const { action, notes } = await set(harness, 30 * MINUTE_MS);
    expect(action).toBe('changed');
    expect(notes[0]).toContain('destroyed with its data in 30 min');
    await harness.clock.advance(30 * MINUTE_MS - 1);
    expect(harness.compute('ci').state).toBe('active');
    await harness.clock.advance(1_000);
    expectGone(harness, id);
  });

  it('is put off at the last moment, even with its end in the queue already', async () => {
    const harness = await createHarness({ ladder: [] });
    await start(harness);
    const letGo = harness.world.holdNext('resize');
    const resizing = harness.control.operations.resize('default', 'ci', { min: 1, max: 1 }, quiet);
    await harness.clock.advance(HOUR_MS + MINUTE_MS);
    expect(harness.compute('ci').state).toBe('active');
    await set(harness, HOUR_MS);
    letGo();
    await resizing;
    await harness.clock.advance(59 * MINUTE_MS);
    expect(harness.compute('ci').state).toBe('active');
  });

  it('is taken away, and the compute stays', async () => {
    const harness = await createHarness({ ladder: [] });
    await start(harness);
    const { notes } = await set(harness, null);
    expect(notes).toEqual(['it is ephemeral no more, and stays until it is destroyed']);
    expect(await set(harness, null)).toMatchObject({ action: 'unchanged' });
    await harness.clock.advance(2 * HOUR_MS);
    expect(harness.compute('ci')).toMatchObject({ state: 'active', lease: null });
    const { action } = await harness.control.operations.destroy('default', 'ci', {}, quiet);
    expect(action).toBe('destroyed');
  });

  it('is never given to a compute that was made to last, nor to one that is kept by now', async () => {
    const harness = await createHarness();
    await harness.start('ci', { suspendAfterMs: 5 * MINUTE_MS });
    await expect(start(harness, { suspendAfterMs: MINUTE_MS })).rejects.toMatchObject({ code: 'SETTING_FIXED' });
    await expect(set(harness, HOUR_MS)).rejects.toMatchObject({ code: 'SETTING_FIXED' });
    expect(harness.compute('ci')).toMatchObject({ suspendAfterMs: 5 * MINUTE_MS });
    await harness.control.operations.destroy('default', 'ci', {}, quiet);
    await expect(start(harness, { restore: true })).rejects.toMatchObject({ code: 'SETTING_FIXED' });
    await start(harness);
    await set(harness, null);
    await expect(start(harness)).rejects.toMatchObject({ code: 'SETTING_FIXED' });
  });

  it.each([
    [{ leaseMs: HOUR_MS, ephemeral: false }, 'VALUE_INVALID'],
    [{ leaseMs: 0 }, 'VALUE_INVALID'],
    [{ leaseMs: 31 * 24 * HOUR_MS }, 'VALUE_INVALID'],
  ])('is refused before anything is done: %o', async (options, code) => {
    const harness = await createHarness();
    await expect(start(harness, options)).rejects.toMatchObject({ code });
    expect(harness.world.calls.filter((call) => !call.startsWith('list'))).toEqual([]);
    expect(harness.store.listEvents({})).toEqual([]);
  });

  it('is not inherited by a clone, which gets one of its own when asked', async () => {
    const harness = await createHarness({ ladder: [] });
    await harness.start('seed');
    const request = { name: 'ci', at: null, ephemeral: true, leaseMs: MINUTE_MS };
    const { compute, notes } = await harness.control.operations.clone('default', 'seed', request, quiet);
    expect(notes[0]).toContain('ephemeral: destroyed with its data in 1 min');
    await harness.clock.advance(MINUTE_MS);
    expectGone(harness, compute.id);
    expect(harness.compute('seed').state).toBe('active');
  });

  it('takes snapshots with it, and whoever makes one is told', async () => {
    const harness = await createHarness();
    const { id } = (await start(harness)).compute;
    const { notes } = await harness.control.operations.createSnapshot('default', 'ci', 'before', quiet);
    expect(notes.at(-1)).toContain('its snapshots are deleted with it');
    await harness.clock.advance(HOUR_MS);
    expectGone(harness, id);
  });
});
