import { describe, expect, it } from 'vitest';

import type { Blocker } from '../../../src/lib/domain/index.ts';
import { parseLadder } from '../../../src/lib/domain/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const quiet = (): void => undefined;
const PINNED: Blocker = { kind: 'pinned', client: '10.0.0.7', sinceMs: 0, why: 'holds a temporary table' };

function suspend(harness: Harness, options: { depth?: 'parked' | 'frozen'; force?: boolean } = {}) {
  return harness.control.operations.suspend('default', 'shop', options, quiet);
}

/** What was asked of the gate about sessions, and of the driver, in order. */
function steps({ gate, world }: Harness): string[] {
  return [
    ...gate.log.filter((line) => line.includes('Sessions')),
    ...world.calls.filter((call) => /^st|^su/.test(call)),
  ];
}

describe('sessions before a suspend that ends the server', () => {
  it('are looked at first, and then let the server go', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.gate.unknownSessions = 1;
    await suspend(harness, { depth: 'parked' });
    expect(steps(harness).slice(0, 2)).toEqual([`lookAtSessions ${id}`, `parkSessions ${id}`]);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'parked' });
  });

  it('forbid it when the look finds what only the server has', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.gate.unknownSessions = 1;
    harness.gate.toBeFound = [PINNED];
    await expect(suspend(harness, { depth: 'parked' })).rejects.toThrow(
      'compute "shop" is in use: a session that holds a temporary table from 10.0.0.7',
    );
    expect(harness.compute('shop').state).toBe('active');
    expect(harness.gate.held.size).toBe(0);
    expect(harness.gate.log).not.toContain(`parkSessions ${id}`);
  });

  it('end all the same when somebody insists', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.gate.unknownSessions = 1;
    harness.gate.toBeFound = [PINNED];
    await suspend(harness, { depth: 'parked', force: true });
    expect(harness.gate.log).toContain(`parkSessions ${id}`);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'parked' });
  });

  it('are left alone when the server’s process is kept', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    await suspend(harness, { depth: 'frozen' });
    expect(harness.gate.log.filter((line) => line.includes('Sessions'))).toEqual([]);
  });

  it('that are pinned keep an idle compute frozen where it was to be parked', async () => {
    const harness = await createHarness({ ladder: parseLadder('parked:1m,stopped:1h') });
    await harness.start('shop');
    harness.gate.unknownSessions = 1;
    harness.gate.toBeFound = [PINNED];
    await harness.clock.advance(62_000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'frozen' });
  });
});

describe('sessions of a compute that goes from frozen to deeper', () => {
  const THREE = parseLadder('frozen:1m,parked:10m');

  it('are looked at while it is thawed for that', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    harness.gate.unknownSessions = 1;
    await harness.clock.advance(2 * 60_000);
    harness.world.calls.length = 0;
    await harness.clock.advance(10 * 60_000);
    expect(steps(harness)).toEqual([`lookAtSessions ${id}`, `parkSessions ${id}`, `start ${id}`, `suspend ${id}`]);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'parked' });
  });

  it('keep it frozen when one of them is pinned, and it is not thawed again for that', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    harness.gate.unknownSessions = 1;
    harness.gate.toBeFound = [PINNED];
    await harness.clock.advance(2 * 60_000);
    harness.world.calls.length = 0;
    await harness.clock.advance(60 * 60_000);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'frozen' });
    expect(harness.world.instances.get(id)?.state).toBe('frozen');
    expect(harness.world.calls.filter((call) => call === `start ${id}`)).toHaveLength(1);
    expect(harness.gate.log).not.toContain(`parkSessions ${id}`);
  });

  it('end for nobody when a client comes during the look', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    await harness.clock.advance(2 * 60_000);
    harness.gate.unknownSessions = 1;
    harness.gate.onLook = () => void harness.control.host.wake(id, new AbortController().signal);
    await harness.clock.advance(10 * 60_000);
    expect(harness.gate.log).toContain(`lookAtSessions ${id}`);
    expect(harness.gate.log).not.toContain(`parkSessions ${id}`);
    expect(harness.store.listEvents({ computeId: id, types: ['started'], limit: 9 })).toHaveLength(2);
  });

  it('need no thaw when nothing has happened in them', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    await harness.clock.advance(2 * 60_000);
    harness.world.calls.length = 0;
    await harness.clock.advance(10 * 60_000);
    expect(harness.world.calls).not.toContain(`start ${id}`);
    expect(harness.compute('shop').depth).toBe('parked');
  });
});
