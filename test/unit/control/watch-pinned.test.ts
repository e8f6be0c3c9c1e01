import { describe, expect, it } from 'vitest';

import { parseLadder } from '../../../src/lib/domain/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { sessionOf } from '../../support/session-facts.ts';

const MINUTE_MS = 60_000;
const ID = 2 ** 30;
const quiet = (): void => undefined;

/** A session with a temporary table, whose last command came now. */
function pin(harness: Harness, id = ID): void {
  const computeId = harness.compute('shop').id;
  const nowMs = harness.clock.monotonicMs();
  const why = 'holds a temporary table';
  harness.gate.lastActivity = nowMs;
  harness.gate.listed.push(
    sessionOf(id, { computeId, state: 'pinned', sinceMs: nowMs, lastCommandMs: nowMs, connectedMs: nowMs, why }),
  );
  harness.gate.busy.push({ kind: 'pinned', client: '10.0.0.7', session: id, sinceMs: nowMs, why });
}

function ends({ gate }: Harness): string[] {
  return gate.log.filter((line) => line.startsWith('endSession '));
}

describe('a session that alone keeps its compute frozen', () => {
  const settings = { ladder: parseLadder('frozen:1m,parked:10m'), endPinnedAfterMs: 30 * MINUTE_MS };

  it('ends when it has had no command for as long as the compute lets it, and the compute goes deeper', async () => {
    const harness = await createHarness(settings);
    await harness.start('shop');
    pin(harness);
    await harness.clock.advance(29 * MINUTE_MS);
    expect(ends(harness)).toEqual([]);
    expect(harness.compute('shop').depth).toBe('frozen');
    await harness.clock.advance(2 * MINUTE_MS);
    expect(ends(harness)).toHaveLength(1);
    expect(ends(harness)[0]).toContain(
      'holds a temporary table, and so kept compute "shop" from sleeping; it had no command for 30 min',
    );
    expect(harness.compute('shop').depth).toBe('parked');
    const { id } = harness.compute('shop');
    expect(harness.store.listEvents({ computeId: id, types: ['sessionEnded'] })).toMatchObject([
      { event: { reason: 'pinned', session: ID, client: `10.0.0.7:${ID}`, why: 'holds a temporary table' } },
    ]);
  });

  it('stays while the compute is due for nothing deeper', async () => {
    const harness = await createHarness({ ...settings, ladder: parseLadder('frozen:1m') });
    await harness.start('shop');
    pin(harness);
    await harness.clock.advance(120 * MINUTE_MS);
    expect(ends(harness)).toEqual([]);
  });

  it('stays where no such policy is set, also by a compute that had one', async () => {
    const harness = await createHarness(settings);
    await harness.start('shop');
    const { notes } = await harness.control.operations.start('default', 'shop', { endPinnedAfterMs: null }, quiet);
    expect(notes).toContain('what its sessions may was changed');
    pin(harness);
    await harness.clock.advance(120 * MINUTE_MS);
    expect(ends(harness)).toEqual([]);
    expect(harness.compute('shop').depth).toBe('frozen');
  });

  it('stays when it has a command at the last moment', async () => {
    const harness = await createHarness(settings);
    await harness.start('shop');
    pin(harness);
    const { endSession } = harness.gate;
    let asked = 0;
    harness.gate.endSession = (id, request) => {
      asked += 1;
      harness.gate.listed = harness.gate.listed.map((session) => ({
        ...session,
        lastCommandMs: harness.clock.monotonicMs(),
      }));
      return endSession(id, request);
    };
    await harness.clock.advance(31 * MINUTE_MS);
    expect(asked).toBe(1);
    expect(ends(harness)).toEqual([]);
    expect(harness.gate.listed).toHaveLength(1);
  });
});

describe('a session that alone keeps its compute awake', () => {
  it('ends once the compute could sleep otherwise', async () => {
    const harness = await createHarness();
    await harness.start('shop', {
      storage: { pageServer: 'ps', safekeepers: 'sk' },
      suspendAfterMs: 10 * MINUTE_MS,
      endPinnedAfterMs: 2 * MINUTE_MS,
    });
    pin(harness);
    await harness.clock.advance(9 * MINUTE_MS);
    expect(ends(harness)).toEqual([]);
    expect(harness.compute('shop').state).toBe('active');
    await harness.clock.advance(2 * MINUTE_MS);
    expect(ends(harness)).toHaveLength(1);
    expect(harness.compute('shop').state).toBe('suspended');
  });
});

describe('the policy of a compute', () => {
  it('is changed by a start, and kept by one that does not name it', async () => {
    const harness = await createHarness();
    await harness.start('shop');
    expect(harness.compute('shop').endPinnedAfterMs).toBeUndefined();
    await harness.start('shop', { endPinnedAfterMs: MINUTE_MS });
    await harness.start('shop', { suspendAfterMs: MINUTE_MS });
    expect(harness.compute('shop')).toMatchObject({ endPinnedAfterMs: MINUTE_MS, suspendAfterMs: MINUTE_MS });
    const { id } = harness.compute('shop');
    const changes = harness.store.listEvents({ computeId: id, types: ['settingsChanged'] }).map(({ event }) => event);
    expect(changes[0]).toEqual({ type: 'settingsChanged', changes: { endPinnedAfterMs: MINUTE_MS } });
  });

  it('goes with a clone', async () => {
    const harness = await createHarness({ endPinnedAfterMs: MINUTE_MS });
    await harness.start('shop');
    await harness.control.operations.clone('default', 'shop', { name: 'copy', at: null }, quiet);
    expect(harness.compute('copy').endPinnedAfterMs).toBe(MINUTE_MS);
  });
});
