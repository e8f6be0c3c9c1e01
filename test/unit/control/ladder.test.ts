import { describe, expect, it } from 'vitest';

import { parseLadder } from '../../../src/lib/domain/index.ts';
import { usageReport } from '../../../src/lib/metering/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';

const MINUTE_MS = 60_000;
const THREE = parseLadder('frozen:1m,parked:10m,stopped:1h');
const quiet = (): void => undefined;
const { signal } = new AbortController();

function depthOf(harness: Harness): string {
  const { state, depth } = harness.compute('shop');
  return depth ?? state;
}

function usage(harness: Harness) {
  const window = { sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
  const { total } = usageReport(harness.store, window, (segment) => harness.control.openLengthMs(segment));
  return { active: total.activeSeconds, frozen: total.frozenSeconds, hibernated: total.hibernatedSeconds };
}

describe('a ladder', () => {
  it('is walked down while nobody comes, each rung counted from the last use', async () => {
    const harness = await createHarness({ ladder: THREE });
    await harness.start('shop');
    const seen: string[] = [];
    for (let half = 0; half < 2 * 62; half += 1) {
      await harness.clock.advance(MINUTE_MS / 2);
      seen.push(depthOf(harness));
    }
    expect(seen[0]).toBe('active');
    // The minute in which each is due, from 0.
    expect(['frozen', 'parked', 'stopped'].map((depth) => Math.floor(seen.indexOf(depth) / 2))).toEqual([0, 9, 59]);
  });

  it('says where it goes next, and when', async () => {
    const harness = await createHarness({ ladder: THREE });
    await harness.start('shop');
    expect((await harness.control.live(harness.compute('shop'))).nextStep).toBeNull();
    await harness.clock.advance(2 * MINUTE_MS);
    const asleep = harness.compute('shop');
    expect((await harness.control.live(asleep)).nextStep).toEqual({
      depth: 'parked',
      atMs: asleep.stateSinceMs + 9 * MINUTE_MS,
    });
  });

  it('is taken up where it was by the next agent, past the rungs that nobody walked', async () => {
    const harness = await createHarness({ ladder: THREE });
    await harness.start('shop');
    await harness.clock.advance(2 * MINUTE_MS);
    expect(depthOf(harness)).toBe('frozen');
    harness.control.close();
    await harness.clock.leap(3 * 60 * MINUTE_MS);
    const next = await harness.restartAgent();
    await next.clock.advance(10_000);
    expect(depthOf(next)).toBe('stopped');
  });

  it('stops at a rung that a session could not live through', async () => {
    const harness = await createHarness({ ladder: THREE });
    await harness.start('shop');
    harness.gate.busy = [{ kind: 'openTransaction', client: '10.0.0.7', sinceMs: 0 }];
    await harness.clock.advance(2 * MINUTE_MS);
    expect(depthOf(harness)).toBe('frozen');
    await harness.clock.advance(30 * MINUTE_MS);
    expect(depthOf(harness)).toBe('frozen');
    harness.gate.busy = [];
    await harness.clock.advance(10_000);
    expect(depthOf(harness)).toBe('parked');
  });

  it('means the next deeper depth where the host lacks one', async () => {
    const harness = await createHarness({ ladder: parseLadder('hibernated:1m,stopped:1h') });
    await harness.start('shop');
    await harness.clock.advance(2 * MINUTE_MS);
    expect(depthOf(harness)).toBe('parked');
  });

  it('is refused when it names a depth that the host lacks', async () => {
    const harness = await createHarness();
    const ladder = parseLadder('hibernated:1m');
    await expect(harness.start('shop', { ladder })).rejects.toMatchObject({ code: 'DEPTH_UNSUPPORTED' });
  });

  it('may be changed, all of it or its first rung', async () => {
    const harness = await createHarness({ ladder: THREE });
    await harness.start('shop');
    await harness.start('shop', { suspendAfterMs: 30_000 });
    expect(harness.compute('shop')).toMatchObject({ suspendAfterMs: 30_000, deeper: THREE.slice(1) });
    await harness.start('shop', { ladder: parseLadder('stopped:2h') });
    expect(harness.compute('shop')).toMatchObject({ suspendAfterMs: 7_200_000, suspendDepth: 'stopped', deeper: [] });
    await harness.start('shop', { suspendAfterMs: null });
    expect(harness.compute('shop')).toMatchObject({ suspendAfterMs: null, suspendDepth: 'stopped' });
    const { notes } = await harness.control.operations.start('default', 'shop', { suspendAfterMs: null }, quiet);
    expect(notes).not.toContain('its suspend settings were changed');
  });

  it('of a compute that keeps nothing has one rung, at the time of the first', async () => {
    const harness = await createHarness({ ladder: THREE });
    const storage = { pageServer: 'ps', safekeepers: 'sk' };
    await harness.start('shop', { storage, image: 'x' });
    expect(harness.compute('shop')).toMatchObject({ suspendAfterMs: MINUTE_MS, suspendDepth: 'removed', deeper: [] });
  });
});

describe('a client that comes while a compute goes deeper', () => {
  it('turns it back, and is served at once', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    await harness.clock.advance(2 * MINUTE_MS);
    harness.world.holdNext('suspend');
    await harness.clock.advance(9 * MINUTE_MS);
    expect(harness.compute('shop').state).toBe('suspending');
    await harness.control.host.wake(id, signal);
    expect(harness.compute('shop')).toMatchObject({ state: 'active', lastWake: { fromDepth: 'frozen' } });
    const verbs = harness.world.calls.filter((call) => call.startsWith('s'));
    expect(verbs.slice(-2)).toEqual([`suspend ${id}`, `start ${id}`]);
  });

  it('leaves nothing behind that the next descent trips over', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    await harness.clock.advance(2 * MINUTE_MS);
    harness.world.holdNext('suspend');
    await harness.clock.advance(9 * MINUTE_MS);
    await harness.control.host.wake(id, signal);
    await harness.clock.advance(12 * MINUTE_MS);
    expect(depthOf(harness)).toBe('parked');
  });
});

describe('a host short of memory', () => {
  const GIB = 1024 ** 3;
  const TIGHT = { totalBytes: 16 * GIB, availableBytes: GIB };

  it('takes idle computes down early, the longest idle first, as long as it is short', async () => {
    const harness = await createHarness({ ladder: THREE });
    await harness.start('shop');
    await harness.clock.advance(40_000);
    await harness.start('blog');
    harness.memory.now = TIGHT;
    await harness.clock.advance(4_000);
    expect(depthOf(harness)).toBe('frozen');
    expect(harness.compute('blog').state).toBe('active');
    harness.memory.now = { ...TIGHT, availableBytes: 8 * GIB };
    await harness.clock.advance(40_000);
    expect(harness.compute('blog').state).toBe('active');
    harness.memory.now = TIGHT;
    await harness.clock.advance(10_000);
    expect(harness.compute('blog').depth).toBe('frozen');
    expect(depthOf(harness)).toBe('parked');
    const [last] = harness.store.listEvents({ types: ['suspendRequested'], limit: 1 });
    expect(last?.event).toMatchObject({ reason: 'memory' });
  });

  it('leaves alone what is in use, what never sleeps, and what ends where it is', async () => {
    const harness = await createHarness({ ladder: [] });
    await harness.start('always');
    await harness.start('shop', { ladder: parseLadder('frozen:10m') });
    harness.memory.now = TIGHT;
    await harness.clock.advance(20_000);
    harness.gate.lastActivity = harness.clock.monotonicMs();
    await harness.clock.advance(20_000);
    expect(harness.compute('shop').state).toBe('active');
    await harness.clock.advance(30_000);
    expect(depthOf(harness)).toBe('frozen');
    await harness.clock.advance(60_000);
    expect(depthOf(harness)).toBe('frozen');
    expect(harness.compute('always').state).toBe('active');
  });
});

describe('a sleep that keeps the process', () => {
  it('is metered apart from activity, until it is woken or goes deeper', async () => {
    const harness = await createHarness({ ladder: THREE });
    const { id } = await harness.start('shop');
    await harness.clock.advance(4 * MINUTE_MS);
    const early = usage(harness);
    expect(early.active).toBeCloseTo(60, -1);
    expect(early.frozen).toBeCloseTo(180, -1);
    expect(early.active + early.frozen).toBeCloseTo(240, 0);
    await harness.control.host.wake(id, signal);
    await harness.clock.advance(20 * MINUTE_MS);
    const late = usage(harness);
    expect(late.active).toBeCloseTo(120, -1);
    expect(late.frozen).toBeCloseTo(180 + 9 * 60, -1);
    expect(late.hibernated).toBe(0);
    expect(harness.store.openSegment(id)).toBeNull();
  });

  it('is metered on by the next agent, by the clock that does not jump', async () => {
    const harness = await createHarness({ ladder: parseLadder('frozen:1m') });
    await harness.start('shop');
    await harness.clock.advance(10 * MINUTE_MS);
    harness.control.close();
    harness.clock.jumpWall(-86_400_000);
    const next = await harness.restartAgent();
    await next.clock.advance(10 * MINUTE_MS);
    const { active, frozen } = usage(next);
    expect(active + frozen).toBeCloseTo(20 * 60, 0);
  });

  it('ends when somebody else takes the instance down', async () => {
    const harness = await createHarness({ ladder: parseLadder('frozen:1m') });
    const { id } = await harness.start('shop');
    await harness.clock.advance(5 * MINUTE_MS);
    harness.world.crash(id, { atMs: harness.clock.wallMs(), code: 137, isOutOfMemory: false });
    await harness.clock.advance(5 * MINUTE_MS);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'stopped' });
    const { active, frozen } = usage(harness);
    expect(active + frozen).toBeCloseTo(300, 0);
    expect(harness.store.openSegment(id)).toBeNull();
  });
});
