import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const quiet = (): undefined => undefined;
const never = new AbortController().signal;
const SIZE = { min: 0.5, max: 0.5 };

/** Computes that sleep, on a host with room for so much. */
async function asleep(hostCu: number, names: readonly string[], size = SIZE): Promise<Harness> {
  const harness = await createHarness({ hostLimits: { here: hostCu, elsewhere: null }, scaleDownAfterMs: 20_000 });
  for (const name of names) {
    await harness.start(name, { size });
    await suspend(harness, name);
  }
  return harness;
}

async function suspend(harness: Harness, name: string): Promise<void> {
  await harness.control.operations.suspend('default', name, {}, quiet);
}

function wake(harness: Harness, name: string, signal = never): Promise<string> {
  const waking = harness.control.host.wake(harness.compute(name).id, signal).then(() => name);
  waking.catch(() => undefined);
  return waking;
}

function states(harness: Harness): Record<string, string> {
  return Object.fromEntries(harness.store.listComputes().map(({ name, state }) => [name, state]));
}

function waiting(harness: Harness, name: string): string | null {
  return harness.control.host.whyWaiting(harness.compute(name).id);
}

describe('a host that is full', () => {
  it('lets who comes wait until something falls asleep, and says why', async () => {
    const harness = await asleep(1, ['a', 'b', 'c', 'd']);
    await Promise.all([wake(harness, 'a'), wake(harness, 'b')]);
    const third = wake(harness, 'c');
    const fourth = wake(harness, 'd');
    await settle();
    expect(waiting(harness, 'c')).toBe('waits for 0.5 CU: 1 of 1 CU are awake');
    expect(waiting(harness, 'd')).toBe('waits for 0.5 CU: 1 of 1 CU are awake, 1 before it');
    expect(harness.control.hosts()).toEqual([{ host: 'this host', limitCu: 1, awakeCu: 1, waiting: 2 }]);
    await suspend(harness, 'b');
    expect(await third).toBe('c');
    expect(states(harness)).toEqual({ a: 'active', b: 'suspended', c: 'active', d: 'suspended' });
    await suspend(harness, 'a');
    expect(await fourth).toBe('d');
    expect(waiting(harness, 'd')).toBeNull();
  });

  it('starts nobody before what makes room has really ended', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    await wake(harness, 'a');
    const waits = wake(harness, 'b');
    const letGo = harness.world.holdNext('suspend');
    const suspending = suspend(harness, 'a');
    await settle();
    expect(states(harness)).toEqual({ a: 'suspending', b: 'suspended' });
    letGo();
    await suspending;
    expect(await waits).toBe('b');
  });

  it('lets a small one not pass a large one that came before', async () => {
    const harness = await asleep(1, ['a', 'b', 'small']);
    await harness.start('large', { size: { min: 1, max: 1 } });
    await suspend(harness, 'large');
    await wake(harness, 'a');
    const large = wake(harness, 'large');
    await settle();
    const small = wake(harness, 'small');
    await settle();
    expect(states(harness)).toMatchObject({ a: 'active', large: 'suspended', small: 'suspended' });
    await suspend(harness, 'a');
    expect(await large).toBe('large');
    expect(states(harness)).toMatchObject({ small: 'suspended' });
    await suspend(harness, 'large');
    expect(await small).toBe('small');
  });

  it('lets go on who leaves the line, and who was behind them', async () => {
    const harness = await asleep(1, ['a', 'b', 'c']);
    await harness.control.operations.resize('default', 'b', { min: 1, max: 1 }, quiet);
    await wake(harness, 'a');
    const leaving = new AbortController();
    const left = expect(wake(harness, 'b', leaving.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await settle();
    const behind = wake(harness, 'c');
    leaving.abort();
    await left;
    expect(await behind).toBe('c');
    expect(harness.control.hosts()).toMatchObject([{ awakeCu: 1, waiting: 0 }]);
    await suspend(harness, 'a');
    await suspend(harness, 'c');
    expect(states(harness)).toMatchObject({ b: 'suspended' });
  });

  it('keeps the place of a wake as long as one of its clients stays', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    await wake(harness, 'a');
    const leaving = new AbortController();
    const left = expect(wake(harness, 'b', leaving.signal)).rejects.toMatchObject({ code: 'HOST_FULL' });
    const stays = wake(harness, 'b');
    await settle();
    leaving.abort(new DozeError('HOST_FULL', 'too late'));
    await left;
    await suspend(harness, 'a');
    expect(await stays).toBe('b');
    expect(harness.compute('b').wakes).toBe(1);
  });

  it('refuses at once what can never fit, and leaves nothing of it', async () => {
    const harness = await asleep(1, []);
    await expect(harness.start('large', { size: { min: 2, max: 4 } })).rejects.toMatchObject({
      code: 'HOST_TOO_SMALL',
      message: 'compute "large" of 2 CU cannot run: the host gives 1 CU in all',
    });
    expect(harness.store.listComputes()).toEqual([]);
    expect(harness.gate.log).toEqual([]);
  });

  it('lets a new compute wait for its turn, tells its caller, and makes nothing for one who has left', async () => {
    const harness = await asleep(0.5, ['a']);
    await harness.start('a', { suspendAfterMs: null });
    const said: string[] = [];
    const leaving = new AbortController();
    const start = (name: string, gone: AbortSignal) =>
      harness.control.operations.start('default', name, {}, (message) => said.push(message), gone);
    const left = expect(start('b', leaving.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await settle();
    expect(said).toEqual(['waits for 0.5 CU: 0.5 of 0.5 CU are awake']);
    leaving.abort();
    await left;
    const stays = start('c', never);
    await settle();
    await suspend(harness, 'a');
    expect(await stays).toMatchObject({ action: 'created', compute: { name: 'c', state: 'active' } });
    expect(Object.keys(states(harness))).toEqual(['a', 'c']);
  });

  it('tells who waits for one that is destroyed meanwhile', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    await wake(harness, 'a');
    const waits = expect(wake(harness, 'b')).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await settle();
    await harness.control.operations.destroy('default', 'b', {}, quiet);
    await waits;
  });

  it('starts with the size that it was given while it waited', async () => {
    const harness = await asleep(1, ['a', 'b']);
    await harness.control.operations.resize('default', 'b', { min: 1, max: 1 }, quiet);
    await wake(harness, 'a');
    const waits = wake(harness, 'b');
    await settle();
    await harness.control.operations.resize('default', 'b', SIZE, quiet);
    expect(await waits).toBe('b');
    expect(harness.compute('b').size.now).toBe(0.5);
  });

  it('lets a client and a person who want the same compute in with one place', async () => {
    const harness = await asleep(1, ['a', 'b', 'c']);
    await harness.start('a', { size: { min: 1, max: 1 }, suspendAfterMs: null });
    const client = wake(harness, 'b');
    await settle();
    const other = wake(harness, 'c');
    const person = harness.control.operations.resume('default', 'b', quiet);
    await settle();
    await suspend(harness, 'a');
    expect(await client).toBe('b');
    expect(await other).toBe('c');
    expect((await person).compute).toMatchObject({ name: 'b', state: 'active' });
  });

  it('keeps the place of one that is restarted, though others wait for it', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    await wake(harness, 'a');
    const waits = wake(harness, 'b');
    await settle();
    const { compute } = await harness.control.operations.restart('default', 'a', {}, quiet);
    expect(compute.state).toBe('active');
    await suspend(harness, 'a');
    expect(await waits).toBe('b');
  });

  it('gives the place of a start that failed to the next', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    const letGo = harness.world.holdNext('start');
    harness.world.failNext('start', new DozeError('SERVER_START_FAILED', 'no'));
    const fails = expect(wake(harness, 'a')).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
    await settle();
    const next = wake(harness, 'b');
    await settle();
    expect(states(harness)).toEqual({ a: 'resuming', b: 'suspended' });
    letGo();
    await fails;
    expect(await next).toBe('b');
  });

  it('does not count what is frozen', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    await wake(harness, 'a');
    await harness.control.operations.suspend('default', 'a', { depth: 'frozen' }, quiet);
    expect(await wake(harness, 'b')).toBe('b');
  });
});

describe('making room for who waits', () => {
  it('takes the longest idle compute down before its time', async () => {
    const harness = await asleep(1, ['a', 'b', 'c']);
    await wake(harness, 'a');
    await harness.clock.advance(1_000);
    await wake(harness, 'b');
    const waits = wake(harness, 'c');
    await harness.clock.advance(2_000);
    expect(await waits).toBe('c');
    expect(states(harness)).toEqual({ a: 'suspended', b: 'active', c: 'active' });
    const [last] = harness.store
      .listEvents({ computeId: harness.compute('a').id, types: ['suspendRequested'] })
      .slice(-1);
    expect(last?.event).toMatchObject({ reason: 'room' });
  });

  it('leaves alone what is busy or never sleeps', async () => {
    const harness = await asleep(0.5, ['a', 'b']);
    await wake(harness, 'a');
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: 0 }];
    const waits = wake(harness, 'b');
    await harness.clock.advance(60_000);
    expect(states(harness)).toEqual({ a: 'active', b: 'suspended' });
    harness.gate.busy = [];
    await harness.clock.advance(1_000);
    expect(await waits).toBe('b');
    await harness.start('b', { suspendAfterMs: null });
    const again = new AbortController();
    const left = expect(wake(harness, 'a', again.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await harness.clock.advance(60_000);
    expect(states(harness)).toEqual({ a: 'suspended', b: 'active' });
    again.abort();
    await left;
  });
});

describe('an agent that is started again', () => {
  it('takes up all that runs though it is too much, and starts nothing until there is room', async () => {
    const before = await asleep(2, ['a', 'b', 'c', 'd']);
    await Promise.all(['a', 'b', 'c'].map((name) => wake(before, name)));
    const harness = await before.restartAgent({ hostLimits: { here: 1, elsewhere: null } });
    expect(states(harness)).toMatchObject({ a: 'active', b: 'active', c: 'active' });
    expect(harness.control.hosts()).toMatchObject([{ limitCu: 1, awakeCu: 1.5 }]);
    const waits = wake(harness, 'd');
    await suspend(harness, 'a');
    expect(states(harness)).toMatchObject({ d: 'suspended' });
    await suspend(harness, 'b');
    expect(await waits).toBe('d');
  });

  it('has nobody in the line: who waited asks again', async () => {
    const before = await asleep(0.5, ['a', 'b']);
    await wake(before, 'a');
    void wake(before, 'b');
    await settle();
    const harness = await before.restartAgent();
    expect(harness.control.hosts()).toMatchObject([{ awakeCu: 0.5, waiting: 0 }]);
    const waits = wake(harness, 'b');
    await suspend(harness, 'a');
    expect(await waits).toBe('b');
  });
});

describe('a size by load on a host with little left', () => {
  const RANGE = { min: 0.25, max: 2 };

  /** Uses so much CPU in each of the next looks. */
  async function use(harness: Harness, name: string, cpus: number, looks: number): Promise<void> {
    const { id } = harness.compute(name);
    for (let look = 0; look < looks; look += 1) {
      const { cpuSeconds } = harness.world.usage.get(id) ?? { cpuSeconds: 0 };
      harness.world.usage.set(id, { cpuSeconds: cpuSeconds + cpus * 2, memoryBytes: 0 });
      harness.gate.lastActivity = harness.clock.monotonicMs();
      await harness.clock.advance(2_000);
    }
  }

  async function shared(): Promise<Harness> {
    const harness = await createHarness({ hostLimits: { here: 1, elsewhere: null }, scaleDownAfterMs: 20_000 });
    await harness.start('shop', { size: RANGE });
    await harness.start('other', { size: SIZE });
    return harness;
  }

  it('grows by what there is, and says what it asked for', async () => {
    const harness = await shared();
    await use(harness, 'shop', 0.25, 2);
    await use(harness, 'shop', 0.5, 2);
    expect(harness.compute('shop').size.now).toBe(0.5);
    expect((await harness.control.live(harness.compute('shop'))).boundBecause).toBe(
      'asks for 1 CU: 1 of 1 CU are awake',
    );
    await suspend(harness, 'other');
    await use(harness, 'shop', 1.4, 2);
    expect(harness.compute('shop').size.now).toBe(1);
    const events = harness.store.listEvents({ types: ['resized'] }).map(({ event }) => event);
    expect(events).toMatchObject([
      { cu: 0.5, message: null },
      { cu: 1, message: expect.stringMatching(/^asked for \d(\.\d+)? CU: 0.5 of 1 CU are awake$/) as string },
    ]);
    await use(harness, 'shop', 0.1, 1);
    expect((await harness.control.live(harness.compute('shop'))).boundBecause).toBeNull();
  });

  it('does not grow while somebody waits to start', async () => {
    const harness = await shared();
    await suspend(harness, 'other');
    await harness.start('large', { size: { min: 0.75, max: 0.75 } });
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: 0 }];
    const waits = wake(harness, 'other');
    await use(harness, 'shop', 0.25, 3);
    expect(harness.compute('shop').size.now).toBe(0.25);
    harness.gate.busy = [];
    await suspend(harness, 'large');
    expect(await waits).toBe('other');
  });

  it('starts with what is left, and grows when there is more', async () => {
    const harness = await shared();
    await suspend(harness, 'other');
    await use(harness, 'shop', 1.4, 3);
    expect(harness.compute('shop').size.now).toBe(1);
    await suspend(harness, 'shop');
    await wake(harness, 'other');
    await wake(harness, 'shop');
    expect(harness.compute('shop').size).toEqual({ ...RANGE, now: 0.5 });
    expect(harness.world.sizes.get(harness.compute('shop').id)).toBe(0.5);
  });

  it('gives back nothing before a shrink is through', async () => {
    const harness = await createHarness({ hostLimits: { here: 1, elsewhere: null } });
    await harness.start('shop', { size: { min: 1, max: 1 } });
    const letGo = harness.world.holdNext('resize');
    const shrinking = harness.control.operations.resize('default', 'shop', SIZE, quiet);
    await settle();
    const starting = harness.start('other', { size: SIZE });
    await settle();
    expect(harness.store.findCompute('default', 'other')).toBeNull();
    letGo();
    await shrinking;
    expect((await starting).state).toBe('active');
  });

  it('refuses a resize by request that does not fit, and changes nothing', async () => {
    const harness = await shared();
    const resize = (cu: number) => harness.control.operations.resize('default', 'other', { min: cu, max: cu }, quiet);
    await expect(resize(2)).rejects.toMatchObject({ code: 'HOST_TOO_SMALL' });
    await expect(resize(1)).rejects.toMatchObject({
      code: 'HOST_FULL',
      message: 'compute "other" stays at 0.5 CU, there is no room for 1: 0.75 of 1 CU are awake',
    });
    expect(harness.compute('other').size).toEqual({ ...SIZE, now: 0.5 });
    expect((await resize(0.75)).compute.size.now).toBe(0.75);
  });
});
