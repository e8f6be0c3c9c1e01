import { describe, expect, it } from 'vitest';

import type { Blocker } from '../../../src/lib/domain/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const quiet = (): undefined => undefined;
const never = new AbortController().signal;
const TRANSACTION: Blocker = { kind: 'openTransaction', client: '10.0.0.7', sinceMs: 0 };
const NO_ROOM = 'the swap is full';

async function started(shortfall: string | null = null): Promise<Harness> {
  const harness = await createHarness();
  Object.assign(harness.world.hibernation, { isPossible: true, shortfall });
  await harness.start('shop', { suspendDepth: 'hibernated' });
  return harness;
}

async function suspend(harness: Harness) {
  return harness.control.operations.suspend('default', 'shop', {}, quiet);
}

describe('hibernating a compute', () => {
  it('keeps its sessions, even in a transaction, and its server', async () => {
    const harness = await started();
    harness.gate.busy = [TRANSACTION];
    expect((await suspend(harness)).compute).toMatchObject({ state: 'suspended', depth: 'hibernated' });
    expect(harness.gate.log.filter((line) => line.startsWith('parkSessions'))).toEqual([]);
    const { id } = harness.compute('shop');
    await harness.control.host.wake(id, never);
    expect(harness.compute('shop')).toMatchObject({ state: 'active', lastWake: { fromDepth: 'hibernated' } });
  });

  it('is frozen first, so that nobody is held while its memory moves out', async () => {
    const harness = await started();
    await suspend(harness);
    const suspended = harness.store.listEvents({ types: ['suspended'] }).map(({ event }) => event);
    expect(suspended).toMatchObject([{ depth: 'frozen' }, { depth: 'hibernated' }]);
    expect(harness.gate.held.size).toBe(0);
  });

  it('goes on to parked when it could not be, and says why', async () => {
    const harness = await started(NO_ROOM);
    const { compute, notes } = await suspend(harness);
    expect(compute).toMatchObject({ state: 'suspended', depth: 'parked' });
    expect(notes).toEqual([`it could not be hibernated: ${NO_ROOM}`]);
    const suspended = harness.store.listEvents({}).filter(({ event }) => event.type === 'suspended');
    expect(suspended.map(({ event }) => 'depth' in event && event.depth).toSorted()).toEqual([
      'frozen',
      'frozen',
      'parked',
    ]);
    expect(harness.store.verify().isConsistent).toBe(true);
  });

  it('stays frozen when it could not be and a session would not outlive more', async () => {
    const harness = await started(NO_ROOM);
    harness.gate.busy = [TRANSACTION];
    expect((await suspend(harness)).compute).toMatchObject({ state: 'suspended', depth: 'frozen' });
    expect(harness.world.instances.get(harness.compute('shop').id)?.state).toBe('frozen');
  });

  it('hibernates again as soon as it can, without a word of what was', async () => {
    const harness = await started(NO_ROOM);
    await suspend(harness);
    await harness.control.host.wake(harness.compute('shop').id, never);
    harness.world.hibernation.shortfall = null;
    expect(await suspend(harness)).toMatchObject({ compute: { depth: 'hibernated' }, notes: [] });
  });

  it('is turned back by a client who comes while its memory moves out', async () => {
    const harness = await started();
    const { id } = harness.compute('shop');
    await harness.control.operations.suspend('default', 'shop', { depth: 'frozen' }, quiet);
    harness.world.holdNext('suspend');
    const suspended = suspend(harness);
    await harness.clock.advance(1);
    const woken = harness.control.host.wake(id, never);
    expect((await suspended).notes).toEqual(['a client came when it was frozen: it wakes again']);
    await woken;
    expect(harness.compute('shop')).toMatchObject({ state: 'active', lastWake: { fromDepth: 'frozen' } });
  });

  it('is found as it was by the next agent', async () => {
    const harness = await started();
    await suspend(harness);
    const next = await harness.restartAgent();
    expect(next.compute('shop')).toMatchObject({ state: 'suspended', depth: 'hibernated' });
  });
});

it('meters the sleep of one that somebody else thawed, though there is no room to hibernate again', async () => {
  const harness = await createHarness({ ladder: [] });
  Object.assign(harness.world.hibernation, { isPossible: true });
  const { id } = await harness.start('shop', { suspendDepth: 'hibernated' });
  await suspend(harness);
  await harness.clock.advance(600_000);
  Object.assign(harness.world.hibernation, { shortfall: NO_ROOM });
  harness.world.instances.set(id, { computeId: id, state: 'running', endpoint: null, exit: null });
  await harness.clock.advance(600_000);
  const observed = harness.store.listEvents({ types: ['depthObserved'] }).map(({ event }) => event);
  expect(observed).toMatchObject([{ depth: 'frozen', segmentStartedAtMs: expect.any(Number) }]);
  const sums = harness.store.usageSums({ fromMs: 0, toMs: Date.UTC(2090, 0) }, { byCompute: false, per: null });
  expect(sums).toMatchObject([{ hibernatedMs: 630_000 }]);
  expect(harness.store.verify().differences).toEqual([]);
});

describe('a compute that is set to hibernate on a host that cannot any more', () => {
  it('is parked when it is idle', async () => {
    const harness = await started();
    harness.world.hibernation.isPossible = false;
    await harness.clock.advance(301_000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'parked' });
  });

  it('is frozen when a session forbids more', async () => {
    const harness = await started();
    harness.world.hibernation.isPossible = false;
    harness.gate.busy = [TRANSACTION];
    await harness.clock.advance(301_000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'frozen' });
  });
});
