import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const quiet = (): undefined => undefined;
const never = new AbortController().signal;

async function asleep() {
  const harness = await createHarness();
  const { id } = await harness.start('shop');
  await harness.control.operations.suspend('default', 'shop', {}, quiet);
  return { harness, id };
}

describe('waking for a client', () => {
  it('starts the server once for a thousand clients, and counts one wake', async () => {
    const { harness, id } = await asleep();
    const before = harness.world.calls.length;
    await Promise.all(Array.from({ length: 1000 }, async () => harness.control.host.wake(id, never)));
    expect(harness.world.calls.slice(before).filter((call) => call.startsWith('start'))).toHaveLength(1);
    expect(harness.compute('shop')).toMatchObject({
      state: 'active',
      wakes: 1,
      lastWake: { cause: 'wake', fromDepth: 'parked' },
    });
  });

  it('gives an active compute its endpoint without asking anybody', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    expect(harness.control.host.activeEndpoint(id)).toEqual({
      host: '127.0.0.1',
      port: 3306,
      seenAs: '127.0.0.1',
      takesClientAddress: false,
    });
  });

  it('lets one waiter leave at its deadline while the start goes on for the others', async () => {
    const { harness, id } = await asleep();
    const letGo = harness.world.holdNext('start');
    const leaving = new AbortController();
    const left = expect(harness.control.host.wake(id, leaving.signal)).rejects.toMatchObject({
      code: 'WAKE_TIMED_OUT',
    });
    const stays = harness.control.host.wake(id, never);
    leaving.abort(new DozeError('WAKE_TIMED_OUT', 'too slow'));
    await left;
    letGo();
    await expect(stays).resolves.toMatchObject({ port: 3306 });
  });

  it('gives everybody the same failure, and tries again only after a pause that doubles', async () => {
    const { harness, id } = await asleep();
    harness.world.failNext('start', new DozeError('SERVER_START_FAILED', 'disk full'));
    await expect(harness.control.host.wake(id, never)).rejects.toMatchObject({ message: 'disk full' });
    const starts = harness.world.calls.filter((call) => call.startsWith('start')).length;
    await expect(harness.control.host.wake(id, never)).rejects.toMatchObject({ code: 'SERVER_START_FAILED' });
    expect(harness.world.calls.filter((call) => call.startsWith('start'))).toHaveLength(starts);
    await harness.clock.advance(1_000);
    await expect(harness.control.host.wake(id, never)).resolves.toMatchObject({ port: 3306 });
  });

  it('comes after a suspend that is under way, and finds the compute again', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    const letGo = harness.world.holdNext('suspend');
    const suspending = harness.control.operations.suspend('default', 'shop', {}, quiet);
    await settle();
    expect(harness.control.host.activeEndpoint(id)).toBeNull();
    const waking = harness.control.host.wake(id, never);
    letGo();
    await suspending;
    await expect(waking).resolves.toMatchObject({ port: 3306 });
    expect(harness.compute('shop').state).toBe('active');
  });

  it('does not know destroyed computes', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.destroy('default', 'shop', {}, quiet);
    expect(harness.control.host.findRoute(id)).toBeNull();
    expect(harness.control.host.findRouteByName('shop', null)).toBeNull();
  });
});

describe('falling asleep', () => {
  it('suspends after the idle time and not before', async () => {
    const harness = await createHarness({ ladder: [{ depth: 'parked', afterMs: 60_000 }] });
    await harness.start('shop');
    await harness.clock.advance(59_000);
    expect(harness.compute('shop').state).toBe('active');
    await harness.clock.advance(2_000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'parked' });
  });

  it('counts idle time from the last activity of a client', async () => {
    const harness = await createHarness({ ladder: [{ depth: 'parked', afterMs: 60_000 }] });
    await harness.start('shop');
    await harness.clock.advance(50_000);
    harness.gate.lastActivity = harness.clock.monotonicMs();
    await harness.clock.advance(50_000);
    expect(harness.compute('shop').state).toBe('active');
    await harness.clock.advance(11_000);
    expect(harness.compute('shop').state).toBe('suspended');
  });

  it('stays awake while a command is running, and says why', async () => {
    const harness = await createHarness({ ladder: [{ depth: 'parked', afterMs: 60_000 }] });
    const compute = await harness.start('shop');
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: harness.clock.monotonicMs() }];
    await harness.clock.advance(240_000);
    expect(harness.compute('shop').state).toBe('active');
    expect((await harness.control.live(compute)).awakeBecause).toEqual([
      'a command is running from 10.0.0.7 for 4 min',
    ]);
  });

  it('keeps the server’s process for an open transaction', async () => {
    const harness = await createHarness({ ladder: [{ depth: 'parked', afterMs: 60_000 }] });
    const { id } = await harness.start('shop');
    harness.gate.busy = [{ kind: 'openTransaction', client: '10.0.0.7', sinceMs: harness.clock.monotonicMs() }];
    await harness.clock.advance(61_000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'frozen' });
    expect(harness.gate.log).not.toContain(`parkSessions ${id}`);
  });

  it('turns back when a client comes at the last moment', async () => {
    const harness = await createHarness({ ladder: [{ depth: 'parked', afterMs: 60_000 }] });
    await harness.start('shop');
    harness.gate.onHold = () => {
      harness.gate.lastActivity = harness.clock.monotonicMs();
    };
    await harness.clock.advance(60_500);
    expect(harness.compute('shop').state).toBe('active');
    expect(harness.gate.held.size).toBe(0);
    expect(harness.world.calls.some((call) => call.startsWith('suspend'))).toBe(false);
  });

  it('refuses a person for a command that began before the hold, and lets go again', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    harness.gate.onHold = () => {
      harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: harness.clock.monotonicMs() }];
    };
    const suspended = harness.control.operations.suspend('default', 'shop', {}, () => undefined);
    await expect(suspended).rejects.toMatchObject({ code: 'COMPUTE_BUSY' });
    expect(harness.compute('shop').state).toBe('active');
    expect(harness.gate.held.size).toBe(0);
    expect(harness.world.calls.some((call) => call.startsWith('suspend'))).toBe(false);
  });

  it('never suspends a compute that is set so', async () => {
    const harness = await createHarness({ ladder: [] });
    await harness.start('shop');
    await harness.clock.leap(30 * 86_400_000);
    expect(harness.compute('shop').state).toBe('active');
  });
});
