import { describe, expect, it } from 'vitest';

import { createHarness, type Harness } from '../../support/control-harness.ts';

const MIB = 1024 ** 2;
const quiet = (): undefined => undefined;

/** Awake on a server that has had its turn and holds `dataBytes`. */
async function launch(dataBytes = 100 * MIB): Promise<Harness> {
  const harness = await createHarness();
  harness.engine.load = { ...harness.engine.load, dataBytes };
  await harness.start('shop', { suspendAfterMs: null });
  await harness.clock.advance(2_000);
  return harness;
}

/** The next server of the compute begins cold. */
async function parkAndWake(harness: Harness): Promise<void> {
  await harness.control.operations.suspend('default', 'shop', { depth: 'parked' }, quiet);
  harness.engine.cache = 'cold';
  harness.engine.load = { ...harness.engine.load, dataBytes: 10 * MIB };
  harness.engine.cacheCalls.length = 0;
  await harness.control.host.wake(harness.compute('shop').id, new AbortController().signal);
}

function acts({ engine }: Harness): readonly string[] {
  return engine.cacheCalls.filter((call) => call !== 'look');
}

const cacheOf = async (harness: Harness) => (await harness.control.live(harness.compute('shop'))).cache;

describe('a cache after a wake', () => {
  it('is asked for a moment after it, and the server keeps a list of its own only when it is back', async () => {
    const harness = await launch();
    await parkAndWake(harness);
    await harness.clock.advance(900);
    expect(harness.engine.cacheCalls).toEqual([]);
    await harness.clock.advance(1_100);
    expect(acts(harness)).toEqual(['begin']);
    await harness.clock.advance(10_000);
    expect(acts(harness)).toEqual(['begin']);
    harness.engine.cache = 'warmed';
    await harness.clock.advance(1_000);
    expect(acts(harness)).toEqual(['begin', 'end']);
  });

  it('is shown as the part that is back of what was there, and as what there is once it is', async () => {
    const harness = await launch();
    await parkAndWake(harness);
    expect(await cacheOf(harness)).toBeNull();
    await harness.clock.advance(3_000);
    expect(await cacheOf(harness)).toMatchObject({ bytes: 10 * MIB, isWarming: true, warmBytes: 100 * MIB });
    harness.engine.cache = 'warmed';
    harness.engine.load = { ...harness.engine.load, dataBytes: 101 * MIB };
    await harness.clock.advance(2_000);
    expect(await cacheOf(harness)).toMatchObject({ bytes: 101 * MIB, isWarming: false, warmBytes: null });
    await harness.control.operations.suspend('default', 'shop', { depth: 'parked' }, quiet);
    expect(await cacheOf(harness)).toBeNull();
  });

  it.each(['cold', 'warming', 'warmed'] as const)(
    'goes on from %s with the agent after one that died',
    async (state) => {
      const harness = await launch();
      await parkAndWake(harness);
      const next = await harness.restartAgent();
      next.engine.cache = state;
      await next.clock.advance(2_000);
      expect(acts(next)).toEqual(state === 'cold' ? ['begin'] : state === 'warming' ? [] : ['end']);
    },
  );

  it('is no activity: a compute that nobody uses goes to sleep in the middle of it, and is left alone then', async () => {
    const harness = await createHarness();
    harness.engine.cache = 'cold';
    await harness.start('shop', { suspendAfterMs: 5_000 });
    await harness.clock.advance(4_000);
    expect(acts(harness)).toEqual(['begin']);
    await harness.clock.advance(2_000);
    expect(harness.compute('shop').state).toBe('suspended');
    harness.engine.cacheCalls.length = 0;
    await harness.clock.advance(60_000);
    expect(harness.engine.cacheCalls).toEqual([]);
  });

  it('comes back in bursts beside the clients of a small compute, and at once when they leave', async () => {
    const harness = await createHarness();
    harness.engine.cache = 'cold';
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: 0 }];
    await harness.start('shop', { suspendAfterMs: null, size: { min: 0.25, max: 0.25 } });
    await harness.clock.advance(2_900);
    expect(acts(harness)).toEqual(['begin', 'pause', 'begin', 'pause', 'begin', 'pause', 'begin', 'pause']);
    harness.gate.busy = [];
    harness.engine.cacheCalls.length = 0;
    await harness.clock.advance(5_000);
    expect(acts(harness)).toEqual(['begin']);
    harness.gate.lastActivity = harness.clock.monotonicMs();
    await harness.clock.advance(400);
    expect(acts(harness)).toEqual(['begin', 'pause']);
  });

  it('comes back all at once beside the clients of one that has the CPU for it', async () => {
    const harness = await createHarness();
    harness.engine.cache = 'cold';
    harness.gate.busy = [{ kind: 'commandInFlight', client: '10.0.0.7', sinceMs: 0 }];
    await harness.start('shop', { suspendAfterMs: null, size: { min: 0.5, max: 0.5 } });
    await harness.clock.advance(5_000);
    expect(acts(harness)).toEqual(['begin']);
  });

  it('is tried again later when the server does not answer', async () => {
    const harness = await launch();
    await parkAndWake(harness);
    harness.engine.cacheError = new TypeError('not now');
    await harness.clock.advance(10_000);
    expect(harness.engine.cacheCalls).toEqual(['look']);
    harness.engine.cacheError = null;
    await harness.clock.advance(30_000);
    expect(acts(harness)).toEqual(['begin']);
  });

  it('waits for the room that a server of a larger size than it was started with will get, but not for ever', async () => {
    const harness = await createHarness();
    harness.engine.cache = 'cold';
    await harness.start('shop', { suspendAfterMs: null, size: { min: 0.5, max: 2 } });
    harness.engine.resizeError = new TypeError('not now');
    harness.engine.load = { ...harness.engine.load, poolBytes: 2 ** 29 };
    await harness.clock.advance(9_000);
    expect(acts(harness)).toEqual([]);
    await harness.clock.advance(2_000);
    expect(acts(harness)).toEqual(['begin']);
  });

  it('is not asked for where the instance keeps nothing', async () => {
    const harness = await createHarness();
    harness.engine.cache = 'cold';
    await harness.start('shop', { storage: { pageServer: 'ps', safekeepers: 'sk' }, image: 'some/image' });
    await harness.clock.advance(10_000);
    expect(harness.engine.cacheCalls).toEqual([]);
  });
});
