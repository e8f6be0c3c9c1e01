import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness } from '../../support/control-harness.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import { settle } from '../../support/simulated-clock.ts';

const quiet = (): undefined => undefined;
const never = new AbortController().signal;

describe('a server that has just started', () => {
  it('takes the cache of its size after its first client has been served, and once', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop', { size: { min: 1, max: 1 } });
    await harness.clock.advance(100);
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    await harness.control.host.wake(id, never);
    expect(harness.engine.settledIn).toEqual([1]);
    await harness.clock.advance(100);
    expect(harness.engine.settledIn).toEqual([1, 1]);
    await harness.clock.advance(10_000);
    expect(harness.engine.settledIn).toEqual([1, 1]);
  });

  it('leaves the CPU to others that are on their way up, but not for ever', async () => {
    const harness = await createHarness();
    await harness.start('shop', { size: { min: 1, max: 1 } });
    const goOn = harness.world.holdNext('start');
    const other = harness.start('other', { size: { min: 2, max: 2 } });
    await settle();
    expect(harness.compute('other').state).toBe('creating');
    await harness.clock.advance(4_000);
    expect(harness.engine.settledIn).toEqual([]);
    await harness.clock.advance(2_000);
    expect(harness.engine.settledIn).toEqual([1]);
    goOn();
    await other;
    await harness.clock.advance(300);
    expect(harness.engine.settledIn).toEqual([1, 2]);
  });

  it('has its accounts read again once nobody else is on their way up, and at once where none are known', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await settle();
    const accounts = (): unknown => harness.store.getAccounts(id)?.takenAtMs;
    expect(accounts()).toBe(0);
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    harness.engine.accounts = { takenAtMs: 1, accounts: [nativeAccount('app', 'secret')] };
    const goOn = harness.world.holdNext('start');
    const other = harness.start('other');
    await settle();
    await harness.control.host.wake(id, never);
    await harness.clock.advance(1_000);
    expect(accounts()).toBe(0);
    goOn();
    await other;
    await harness.clock.advance(1_000);
    expect(accounts()).toBe(1);
  });

  it('is left alone when it goes to sleep before that', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    await harness.clock.advance(1_000);
    expect(harness.engine.settledIn).toEqual([]);
    expect(harness.compute('shop').state).toBe('suspended');
  });

  it('stays awake with the cache that it has when it cannot, and is asked again at the next look at its load', async () => {
    const harness = await createHarness();
    harness.engine.settleInError = new DozeError('RESIZE_REFUSED', 'no memory');
    harness.engine.load = { ...harness.engine.load, poolBytes: 64 * 1024 ** 2 };
    await harness.start('shop', { size: { min: 1, max: 1 } });
    await harness.clock.advance(100);
    expect(harness.engine.settledIn).toEqual([1]);
    expect(harness.compute('shop').state).toBe('active');
    await harness.clock.advance(2_000);
    expect(harness.engine.resizes).toEqual([1]);
    expect(harness.engine.load.poolBytes).toBe(harness.engine.bufferPoolBytes(1));
  });

  it('gets it from the next agent when its own dies before that', async () => {
    const harness = await createHarness();
    harness.engine.load = { ...harness.engine.load, poolBytes: 64 * 1024 ** 2 };
    await harness.start('shop', { size: { min: 1, max: 1 } });
    const next = await harness.restartAgent();
    next.engine.load = { ...next.engine.load, poolBytes: 64 * 1024 ** 2 };
    await next.clock.advance(5_000);
    expect(next.engine.load.poolBytes).toBe(next.engine.bufferPoolBytes(1));
  });
});
