import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const quiet = (): undefined => undefined;

describe('starting a compute', () => {
  it('makes a new one active, with a port, a segment and an event for each step', async () => {
    const harness = await createHarness();
    const compute = await harness.start('shop');
    expect(compute).toMatchObject({
      state: 'active',
      depth: null,
      port: 20_000,
      database: 'shop',
      user: 'app',
      wakes: 0,
    });
    expect(harness.store.openSegment(compute.id)).toMatchObject({ cu: 0.5, cause: 'create' });
    expect(harness.store.listEvents({}).map((stored) => stored.event.type)).toEqual(['createRequested', 'started']);
  });

  it('does nothing when it is active, and says so', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    const again = await harness.control.operations.start('default', 'shop', {}, quiet);
    expect(again).toMatchObject({ action: 'unchanged', notes: ['"shop" is already active'] });
  });

  it('makes one compute when ten ask for the same name at once', async () => {
    const harness = await createHarness();
    const all = await Promise.all(Array.from({ length: 10 }, async () => harness.start('shop')));
    expect(new Set(all.map((compute) => compute.id)).size).toBe(1);
    expect(harness.world.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });

  it('can be waited for before it is on record', async () => {
    const harness = await createHarness();
    const { operations } = harness.control;
    const never = new AbortController();
    await operations.untilMade('default', 'shop', never.signal);
    const letGo = harness.world.holdNext('prepare');
    const starting = harness.start('shop');
    const order: string[] = [];
    const waiting = operations.untilMade('default', 'shop', never.signal).then(() => order.push('waited'));
    const leaving = new AbortController();
    const left = operations.untilMade('default', 'shop', leaving.signal);
    leaving.abort(new DozeError('TIMED_OUT', 'too long'));
    await expect(left).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(harness.store.findCompute('default', 'shop')).toBeNull();
    await settle();
    expect(order).toEqual([]);
    letGo();
    await starting;
    await waiting;
    expect(harness.compute('shop').state).toBe('active');
  });

  it('gives each compute a port of its own, and another one when that is taken', async () => {
    const harness = await createHarness();
    await harness.start('one');
    harness.gate.takenPorts.add(20_001);
    expect((await harness.start('two')).port).toBe(20_002);
  });

  it('refuses when every port of the range belongs to a compute', async () => {
    const harness = await createHarness({ gatewayPorts: { from: 20_000, to: 20_000 } });
    await harness.start('one');
    await expect(harness.start('two')).rejects.toMatchObject({ code: 'PORTS_TAKEN' });
  });

  it('records nothing when the host cannot run it', async () => {
    const harness = await createHarness();
    harness.world.failNext('prepare', new DozeError('IMAGE_UNAVAILABLE', 'no image'));
    await expect(harness.start('shop')).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' });
    expect(harness.store.listEvents({})).toEqual([]);
  });

  it.each([
    ['Shop', 'NAME_INVALID'],
    ['1shop', 'NAME_INVALID'],
    ['a--b', 'NAME_INVALID'],
    ['x'.repeat(41), 'NAME_INVALID'],
  ])('refuses the name %s', async (name, code) => {
    const harness = await createHarness();
    await expect(harness.start(name)).rejects.toMatchObject({ code });
  });

  it('refuses to change what was fixed at creation', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await expect(harness.start('shop', { port: 20_005 })).rejects.toMatchObject({ code: 'SETTING_FIXED' });
  });

  it('takes over changed suspend settings of a compute that exists', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    expect(await harness.start('shop', { suspendAfterMs: null })).toMatchObject({
      suspendAfterMs: null,
      state: 'active',
    });
  });

  it('keeps a compute that did not come up as failed, with the reason, and resume tries again', async () => {
    const harness = await createHarness();
    harness.world.failNext('start', new DozeError('SERVER_START_FAILED', 'port in use'));
    await expect(harness.start('shop')).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
    expect(harness.compute('shop')).toMatchObject({ state: 'failed', failure: { message: 'port in use', count: 1 } });
    const { compute } = await harness.control.operations.resume('default', 'shop', quiet);
    expect(compute).toMatchObject({ state: 'active', failure: null });
  });

  it('fails at once when the server ends before it answers', async () => {
    const harness = await createHarness();
    harness.engine.ready = async (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const starting = harness.start('shop');
    const outcome = expect(starting).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
    await settle();
    harness.world.crash(harness.compute('shop').id, { atMs: null, code: 1, isOutOfMemory: false });
    await outcome;
    expect(harness.compute('shop').failure?.message).toContain('exit code 1');
  });
});

describe('suspending a compute', () => {
  it.each(['frozen', 'parked', 'stopped', 'removed'] as const)(
    'goes down to %s and closes its segment',
    async (depth) => {
      const harness = await createHarness();
      const { id } = await harness.start('shop');
      await harness.clock.advance(42_000);
      const { compute } = await harness.control.operations.suspend('default', 'shop', { depth }, quiet);
      expect(compute).toMatchObject({ state: 'suspended', depth });
      // A sleep that keeps the process has a segment of its own.
      expect(harness.store.openSegment(id)?.depth ?? null).toBe(depth === 'frozen' ? 'frozen' : null);
      const [segment] = [...harness.store.segments({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })];
      expect(segment?.lengthMs).toBe(42_000);
    },
  );

  it('goes deeper from a shallower depth, and never shallower', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    const { operations } = harness.control;
    await operations.suspend('default', 'shop', { depth: 'frozen' }, quiet);
    expect((await operations.suspend('default', 'shop', { depth: 'stopped' }, quiet)).compute.depth).toBe('stopped');
    const again = await operations.suspend('default', 'shop', { depth: 'frozen' }, quiet);
    expect(again).toMatchObject({ action: 'unchanged', compute: { depth: 'stopped' } });
  });

  it('keeps sessions when frozen and closes them when deeper', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.suspend('default', 'shop', { depth: 'frozen' }, quiet);
    expect(harness.gate.log).not.toContain(`parkSessions ${id}`);
    await harness.control.operations.suspend('default', 'shop', { depth: 'parked' }, quiet);
    expect(harness.gate.log).toContain(`parkSessions ${id}`);
  });

  it('refuses while a command runs, unless forced', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: harness.clock.monotonicMs() - 3_000 }];
    const { operations } = harness.control;
    await expect(operations.suspend('default', 'shop', {}, quiet)).rejects.toMatchObject({
      code: 'COMPUTE_BUSY',
      message: 'compute "shop" is in use: a command is running from 10.0.0.7 for 3 s',
    });
    expect((await operations.suspend('default', 'shop', { force: true }, quiet)).compute.state).toBe('suspended');
  });

  it('refuses a depth that the driver does not have', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await expect(
      harness.control.operations.suspend('default', 'shop', { depth: 'hibernated' }, quiet),
    ).rejects.toMatchObject({
      code: 'DEPTH_UNSUPPORTED',
    });
  });

  it('stays awake when its accounts cannot be read, as a user made since would be turned away', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await harness.clock.advance(1_000);
    harness.engine.accountsError = new DozeError('TIMED_OUT', 'no answer');
    await expect(harness.control.operations.suspend('default', 'shop', {}, quiet)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    expect(harness.compute('shop').state).toBe('active');
    expect(harness.gate.held.size).toBe(0);
  });

  it('records a refusal of what the lifecycle does not allow', async () => {
    const harness = await createHarness();
    harness.world.failNext('start', new DozeError('SERVER_START_FAILED', 'no'));
    await expect(harness.start('shop')).rejects.toThrow();
    await expect(harness.control.operations.suspend('default', 'shop', {}, quiet)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    expect(harness.store.listEvents({}).at(-1)?.event).toMatchObject({
      type: 'refused',
      attempted: 'suspendRequested',
    });
  });
});

describe('destroying a compute', () => {
  it('keeps the data for the time of grace, and brings it back under its name', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.destroy('default', 'shop', {}, quiet);
    expect(harness.store.findCompute('default', 'shop')).toBeNull();
    expect(harness.world.data.has(id)).toBe(true);
    const restored = await harness.control.operations.start('default', 'shop', { restore: true }, quiet);
    expect(restored).toMatchObject({ action: 'restored', compute: { id, state: 'active' } });
  });

  it('deletes the data when the time of grace is over', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.destroy('default', 'shop', {}, quiet);
    await harness.clock.leap(86_400_000);
    await harness.clock.advance(60_000);
    expect(harness.world.data.has(id)).toBe(false);
    await expect(harness.start('shop', { restore: true })).rejects.toMatchObject({ code: 'NOTHING_TO_RESTORE' });
  });

  it('deletes the data at once when asked to purge, also later', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.destroy('default', 'shop', {}, quiet);
    await harness.control.operations.destroy('default', 'shop', { purge: true }, quiet);
    expect(harness.world.data.has(id)).toBe(false);
    expect(harness.store.getSecrets(id)).toBeNull();
  });

  it('says what is missing for a name that nobody has', async () => {
    const harness = await createHarness();
    await expect(harness.control.operations.destroy('default', 'shop', {}, quiet)).rejects.toMatchObject({
      code: 'COMPUTE_NOT_FOUND',
    });
  });
});
