import { describe, expect, it } from 'vitest';

import type { ProjectLimits, QuotaName } from '../../../src/lib/domain/index.ts';
import type { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { settle } from '../../support/simulated-clock.ts';

const quiet = (): undefined => undefined;
const never = new AbortController().signal;
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FIXED = { min: 0.5, max: 0.5 };

/** Of the project `default`, in which the harness starts computes. */
function limit(harness: Harness, limits: Partial<Record<QuotaName, number | null>>): void {
  harness.control.operations.createProject('default', { limits });
}

async function withLimits(limits: ProjectLimits, settings: Parameters<typeof createHarness>[0] = {}) {
  const harness = await createHarness(settings);
  limit(harness, limits);
  return harness;
}

async function suspend(harness: Harness, name: string): Promise<void> {
  await harness.control.operations.suspend('default', name, {}, quiet);
}

async function asleep(harness: Harness, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await harness.start(name);
    await suspend(harness, name);
  }
}

function wake(harness: Harness, name: string, signal = never): Promise<string> {
  const waking = harness.control.host.wake(harness.compute(name).id, signal).then(() => name);
  waking.catch(() => undefined);
  return waking;
}

function active(harness: Harness): string[] {
  return harness.store.listComputes({ states: ['active'] }).map(({ name }) => name);
}

/** What was put on record of quotas, in order: `quotaReached computes 3/3`. */
function remarks(harness: Harness): string[] {
  return harness.store.listEvents({ project: 'default' }).flatMap(({ event }) => {
    if (!('quota' in event)) return [];
    return [`${event.type} ${event.quota} ${event.used}/${event.limit}`];
  });
}

function usedOf(harness: Harness, quota: QuotaName): number | undefined {
  const { quotas } = harness.control.operations.showProject('default');
  return quotas.find((use) => use.quota === quota)?.used;
}

describe('a limit for computes', () => {
  it('refuses one more, also one that comes back or is a copy, and counts what is being made', async () => {
    const harness = await withLimits({ computes: 2 });
    const letGo = harness.world.holdNext('create');
    const first = harness.start('a');
    await settle();
    await harness.start('b');
    const refused = { code: 'QUOTA_EXCEEDED', hint: 'doze project show default' };
    await expect(harness.start('c')).rejects.toMatchObject(refused);
    letGo();
    await first;
    const { operations } = harness.control;
    await expect(operations.clone('default', 'a', { name: 'copy', at: null }, quiet)).rejects.toMatchObject(refused);
    await operations.destroy('default', 'a', {}, quiet);
    await harness.start('c');
    await expect(harness.start('a', { restore: true })).rejects.toMatchObject({
      ...refused,
      message: "Project 'default' has exceeded the 'computes' resource (current value: 2)",
    });
    expect(harness.store.listComputes().map(({ name }) => name)).toEqual(['b', 'c']);
  });

  it('lets only as many through as there may be when a hundred come at once', async () => {
    const harness = await withLimits({ computes: 3 }, { gatewayPorts: { from: 20_000, to: 20_200 } });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => harness.start(`n${n}`)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(harness.store.listComputes()).toHaveLength(3);
  });
});

describe('a limit for computes awake at once', () => {
  it('is never passed, though a hundred wake at once', async () => {
    const harness = await createHarness({ gatewayPorts: { from: 20_000, to: 20_200 } });
    const names = Array.from({ length: 100 }, (_, n) => `n${n}`);
    await asleep(harness, names);
    limit(harness, { activeComputes: 3 });
    let most = 0;
    const count = (): void => void (most = Math.max(most, awake(harness)));
    const wakes = names.map((name) => wake(harness, name).finally(count));
    const outcomes = await Promise.allSettled(wakes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(most).toBe(3);
    const [refused] = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({
      code: 'QUOTA_IN_USE',
      message: "Project 'default' has exceeded the 'activeComputes' resource (current value: 3)",
      details: { quota: 'activeComputes', used: 3, limit: 3, resetsAt: null },
    });
    expect((refused?.reason as DozeError).entry).toMatchObject({
      exit: 6,
      mysql: { errno: 1226, sqlState: '42000' },
      retryable: true,
    });
  });

  it('has room again as soon as one sleeps', async () => {
    const harness = await withLimits({ activeComputes: 1 });
    await asleep(harness, ['a', 'b']);
    await wake(harness, 'a');
    await expect(wake(harness, 'b')).rejects.toMatchObject({ code: 'QUOTA_IN_USE' });
    await wake(harness, 'a');
    await suspend(harness, 'a');
    expect(await wake(harness, 'b')).toBe('b');
  });

  it('refuses who waits in line for the host as soon as others took the last of it', async () => {
    const harness = await createHarness({ hostLimits: { here: 1.5, elsewhere: null } });
    await asleep(harness, ['a', 'b', 'c', 'd', 'e']);
    for (const name of ['a', 'b', 'c']) await wake(harness, name);
    limit(harness, { activeComputes: 3 });
    limit(harness, { activeComputes: 4 });
    const waits = [wake(harness, 'd'), wake(harness, 'e')];
    await settle();
    expect(harness.control.host.whyWaiting(harness.compute('e').id)).toContain('waits for 0.5 CU');
    limit(harness, { activeComputes: 2 });
    await suspend(harness, 'a');
    const outcomes = await Promise.allSettled(waits);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(active(harness)).toEqual(['b', 'c']);
  });

  it('lets two in line not both take the last one', async () => {
    const harness = await createHarness({ hostLimits: { here: 1, elsewhere: null } });
    await harness.start('large', { size: { min: 1, max: 1 } });
    await asleep(harness, []);
    const { operations } = harness.control;
    await suspend(harness, 'large');
    await asleep(harness, ['a', 'b']);
    await operations.start('other', 'keeps', { size: { min: 1, max: 1 } }, quiet);
    limit(harness, { activeComputes: 1 });
    const waits = [wake(harness, 'a'), wake(harness, 'b')];
    await settle();
    await operations.suspend('other', 'keeps', {}, quiet);
    const outcomes = await Promise.allSettled(waits);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(active(harness)).toEqual(['a']);
  });

  it('takes the longest idle down once it was lowered and the grace period is over, and no more than it takes', async () => {
    const harness = await createHarness({ ladder: [] });
    for (const name of ['a', 'b', 'c']) {
      await harness.start(name);
      await harness.clock.advance(SECOND);
    }
    limit(harness, { activeComputes: 2 });
    await harness.clock.advance(5 * MINUTE - SECOND);
    expect(active(harness)).toEqual(['a', 'b', 'c']);
    await harness.clock.advance(3 * SECOND);
    expect(active(harness)).toEqual(['b', 'c']);
    expect(harness.store.listEvents({ types: ['suspendRequested'] }).at(-1)?.event).toMatchObject({ reason: 'quota' });
  });
});

describe('limits for compute units', () => {
  it('bound each compute and all that are awake, also while they grow', async () => {
    const harness = await withLimits({ cuPerCompute: 2, activeCu: 3 });
    const { operations } = harness.control;
    await expect(harness.start('a', { size: { min: 1, max: 4 } })).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: "Project 'default' has exceeded the 'cuPerCompute' resource (current value: 2)",
    });
    await harness.start('a', { size: { min: 1, max: 2 } });
    await harness.start('b', { size: { min: 1, max: 1 } });
    await expect(harness.start('c', { size: { min: 1.5, max: 1.5 } })).rejects.toMatchObject({ code: 'QUOTA_IN_USE' });
    await operations.resize('default', 'a', { min: 2, max: 2 }, quiet);
    await expect(operations.resize('default', 'b', { min: 2, max: 2 }, quiet)).rejects.toMatchObject({
      code: 'QUOTA_IN_USE',
      message: "Project 'default' has exceeded the 'activeCu' resource (current value: 3)",
    });
    await expect(operations.resize('default', 'b', { min: 4, max: 4 }, quiet)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
    expect(harness.compute('b').size.now).toBe(1);
    expect(usedOf(harness, 'activeCu')).toBe(3);
  });

  it('bound the size that nobody asked for instead of refusing it', async () => {
    const harness = await withLimits({ cuPerCompute: 1 }, { size: { min: 0.5, max: 4 } });
    expect((await harness.start('a')).size).toEqual({ min: 0.5, max: 1, now: 0.5 });
  });

  it('let a range start with what is left', async () => {
    const harness = await createHarness();
    await harness.start('a', { size: { min: 0.5, max: 2 } });
    await harness.control.operations.resize('default', 'a', { min: 2, max: 2 }, quiet);
    await harness.control.operations.resize('default', 'a', { min: 0.5, max: 2 }, quiet);
    await suspend(harness, 'a');
    await harness.start('b', { size: { min: 1, max: 1 } });
    limit(harness, { activeCu: 1.75 });
    await wake(harness, 'a');
    expect(harness.compute('a').size.now).toBe(0.75);
  });

  it('end the growth by load, which says why', async () => {
    const harness = await withLimits({ activeCu: 1 });
    const { id } = await harness.start('a', { size: { min: 0.5, max: 4 } });
    harness.engine.load = { ...harness.engine.load, poolBytes: 1024 ** 3 };
    for (let second = 2; second <= 20; second += 2) {
      harness.world.usage.set(id, { cpuSeconds: second * 4, memoryBytes: 0 });
      await harness.clock.advance(2 * SECOND);
    }
    expect(harness.compute('a').size.now).toBe(1);
    const { boundBecause } = await harness.control.live(harness.compute('a'));
    expect(boundBecause).toContain('project "default" may have 1 CU awake in sum');
  });

  it('take one down that is larger than it may be, and keep it down', async () => {
    const harness = await createHarness();
    await harness.start('a', { size: { min: 2, max: 2 } });
    limit(harness, { cuPerCompute: 1 });
    await harness.clock.advance(5 * MINUTE + 2 * SECOND);
    expect(active(harness)).toEqual([]);
    await expect(wake(harness, 'a')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });
});

describe('a limit for wakes a minute', () => {
  it('refuses the next one until a minute has passed, and does not count who asks by command', async () => {
    const harness = await withLimits({ wakesPerMinute: 2 });
    await asleep(harness, ['a']);
    const cycle = async (): Promise<void> => {
      await wake(harness, 'a');
      await suspend(harness, 'a');
    };
    await cycle();
    await harness.clock.advance(10 * SECOND);
    await cycle();
    await expect(wake(harness, 'a')).rejects.toMatchObject({ code: 'QUOTA_IN_USE' });
    await harness.start('a');
    await suspend(harness, 'a');
    await harness.clock.advance(51 * SECOND);
    await cycle();
    await expect(wake(harness, 'a')).rejects.toMatchObject({ code: 'QUOTA_IN_USE' });
  });

  it('is not begun anew by an agent that was killed', async () => {
    const harness = await withLimits({ wakesPerMinute: 1 });
    await asleep(harness, ['a']);
    await wake(harness, 'a');
    await suspend(harness, 'a');
    const next = await harness.restartAgent();
    await expect(wake(next, 'a')).rejects.toMatchObject({ code: 'QUOTA_IN_USE' });
    await next.clock.advance(MINUTE);
    expect(await wake(next, 'a')).toBe('a');
  });
});

describe('a limit for sessions', () => {
  it('of the project goes before the one that is set for all, and is lifted to it', async () => {
    const harness = await withLimits({ sessions: 1 }, { maxProjectSessions: 2 });
    const { id } = await harness.start('a');
    const { host } = harness.control;
    host.admit(id, 1);
    expect(() => host.admit(id, 2)).toThrow(
      "Project 'default' has exceeded the 'sessions' resource (current value: 1)",
    );
    expect(usedOf(harness, 'sessions')).toBe(1);
    limit(harness, { sessions: null });
    host.admit(id, 2);
    expect(() => host.admit(id, 3)).toThrow("'maxProjectSessions' resource (current value: 2)");
  });
});

describe('a limit for data', () => {
  it('stops what runs after the grace period, and knows after a restart what sleeps', async () => {
    const harness = await withLimits({ storageBytes: 1000 }, { ladder: [] });
    const { id } = await harness.start('a');
    await harness.start('b');
    harness.world.dataBytes.set(id, 800);
    await harness.clock.advance(20 * SECOND);
    expect(usedOf(harness, 'storageBytes')).toBe(800);
    expect(remarks(harness)).toEqual(['quotaWarning storageBytes 800/1000']);
    harness.world.dataBytes.set(id, 1000);
    await harness.clock.advance(20 * SECOND);
    await expect(harness.start('c')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    const snapshot = harness.control.operations.createSnapshot('default', 'a', 'before', quiet);
    await expect(snapshot).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(active(harness)).toEqual(['a', 'b']);
    await harness.clock.advance(5 * MINUTE);
    expect(active(harness)).toEqual([]);
    const next = await harness.restartAgent();
    await expect(wake(next, 'b')).rejects.toMatchObject({
      message: "Project 'default' has exceeded the 'storageBytes' resource (current value: 1000)",
    });
    await next.control.operations.destroy('default', 'a', {}, quiet);
    await expect(wake(next, 'b')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await next.control.operations.destroy('default', 'a', { purge: true }, quiet);
    await next.clock.advance(2 * SECOND);
    expect(remarks(next)).toEqual([
      'quotaWarning storageBytes 800/1000',
      'quotaReached storageBytes 1000/1000',
      'quotaReset storageBytes 0/1000',
    ]);
    expect(await wake(next, 'b')).toBe('b');
  });
});

describe('a limit for the month', () => {
  it('warns at 80 %, stops at the limit, and lets go on in the next month by itself', async () => {
    const harness = await withLimits({ cuSecondsPerMonth: 1800 }, { ladder: [], quotaGraceMs: 10 * MINUTE });
    await harness.start('a', { size: FIXED });
    await harness.clock.advance(48 * MINUTE + SECOND);
    expect(remarks(harness)).toEqual(['quotaWarning cuSecondsPerMonth 1440/1800']);
    await harness.clock.advance(12 * MINUTE);
    expect(remarks(harness).at(-1)).toBe('quotaReached cuSecondsPerMonth 1800/1800');
    await expect(harness.start('b')).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message:
        "Project 'default' has exceeded the 'cuSecondsPerMonth' resource (current value: 1800); " +
        'it resets at 2026-02-01T00:00:00Z',
    });
    expect(active(harness)).toEqual(['a']);
    await harness.clock.advance(10 * MINUTE);
    expect(active(harness)).toEqual([]);
    await expect(wake(harness, 'a')).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { resetsAt: '2026-02-01T00:00:00.000Z' },
    });
    await harness.clock.leap(Date.UTC(2026, 1, 1) - harness.clock.wallMs() - SECOND);
    await expect(wake(harness, 'a')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await harness.clock.advance(2 * SECOND);
    expect(remarks(harness).slice(2)).toEqual(['quotaReset cuSecondsPerMonth 0/1800']);
    expect(await wake(harness, 'a')).toBe('a');
    expect(harness.store.verify()).toEqual({ isConsistent: true, differences: [] });
  });

  it('counts of what runs over the border only what is in the month', async () => {
    const harness = await withLimits({ activeSecondsPerMonth: 100_000 }, { ladder: [] });
    await harness.clock.leap(Date.UTC(2026, 0, 31, 23) - harness.clock.wallMs());
    await harness.start('a');
    await harness.clock.leap(90 * MINUTE);
    expect(usedOf(harness, 'activeSecondsPerMonth')).toBe(1800);
    await suspend(harness, 'a');
    expect(usedOf(harness, 'activeSecondsPerMonth')).toBe(1800);
    expect(usedOf(await harness.restartAgent(), 'activeSecondsPerMonth')).toBe(1800);
  });

  it('is counted on by the next agent, with the grace period that was begun', async () => {
    const harness = await withLimits({ activeSecondsPerMonth: 600 }, { ladder: [] });
    await harness.start('a');
    await harness.clock.advance(10 * MINUTE + SECOND);
    expect(remarks(harness).at(-1)).toBe('quotaReached activeSecondsPerMonth 600/600');
    await harness.clock.advance(4 * MINUTE);
    const next = await harness.restartAgent();
    await next.clock.advance(30 * SECOND);
    expect(active(next)).toEqual(['a']);
    await next.clock.advance(40 * SECOND);
    expect(active(next)).toEqual([]);
    expect(remarks(next).filter((remark) => remark.startsWith('quotaReached'))).toHaveLength(1);
  });

  it('of nothing stops a project at once, and one that is lifted lets it go on', async () => {
    const harness = await createHarness({ quotaGraceMs: 0, ladder: [] });
    await harness.start('a');
    limit(harness, { activeSecondsPerMonth: 0 });
    await harness.clock.advance(2 * SECOND);
    expect(active(harness)).toEqual([]);
    limit(harness, { activeSecondsPerMonth: null });
    expect(await wake(harness, 'a')).toBe('a');
    await harness.clock.advance(HOUR);
    expect(active(harness)).toEqual(['a']);
  });

  it('that was lifted and comes back gives the grace period anew', async () => {
    const harness = await withLimits({ activeSecondsPerMonth: 600 }, { ladder: [] });
    await harness.start('a');
    await harness.clock.advance(10 * MINUTE + SECOND);
    limit(harness, { activeSecondsPerMonth: null });
    await harness.clock.advance(HOUR);
    limit(harness, { activeSecondsPerMonth: 60 });
    await harness.clock.advance(5 * MINUTE - SECOND);
    expect(active(harness)).toEqual(['a']);
    await harness.clock.advance(3 * SECOND);
    expect(active(harness)).toEqual([]);
  });

  it('does not grow what runs on in the grace period', async () => {
    const harness = await withLimits({ activeSecondsPerMonth: 60 }, { ladder: [] });
    await harness.start('a', { size: FIXED });
    await harness.clock.advance(MINUTE + SECOND);
    await expect(harness.control.operations.resize('default', 'a', { min: 1, max: 1 }, quiet)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
  });

  it('keeps what frozen computes have: nothing of them runs', async () => {
    const harness = await createHarness({ ladder: [{ depth: 'frozen', afterMs: 30 * SECOND }] });
    await harness.start('a');
    await harness.clock.advance(MINUTE);
    expect(harness.compute('a').depth).toBe('frozen');
    limit(harness, { activeSecondsPerMonth: 1 });
    await harness.clock.advance(10 * MINUTE);
    expect(harness.compute('a')).toMatchObject({ state: 'suspended', depth: 'frozen' });
  });
});

describe('what runs on when the grace period is over', () => {
  const BUSY = { kind: 'commandInFlight', client: '10.0.0.7', sinceMs: 0 } as const;

  it('is waited for until it is idle', async () => {
    const harness = await withLimits({ activeSecondsPerMonth: 60 }, { ladder: [], quotaGraceMs: MINUTE });
    await harness.start('a');
    harness.gate.busy = [BUSY];
    await harness.clock.advance(2 * MINUTE + 20 * SECOND);
    expect(active(harness)).toEqual(['a']);
    harness.gate.busy = [];
    await harness.clock.advance(2 * SECOND);
    expect(active(harness)).toEqual([]);
  });

  it('is cut off half a minute later, its process with it, so that its client has an error', async () => {
    const harness = await withLimits(
      { activeSecondsPerMonth: 60 },
      { ladder: [{ depth: 'frozen', afterMs: 24 * HOUR }], quotaGraceMs: MINUTE },
    );
    const { id } = await harness.start('a');
    harness.gate.busy = [BUSY];
    await harness.clock.advance(2 * MINUTE + 40 * SECOND);
    expect(harness.compute('a')).toMatchObject({ state: 'suspended', depth: 'parked' });
    expect(harness.gate.log).toContain(`parkSessions ${id}`);
  });

  it('keeps its transaction where its process can be kept', async () => {
    const harness = await withLimits({ activeSecondsPerMonth: 60 }, { ladder: [], quotaGraceMs: MINUTE });
    await harness.start('a');
    harness.gate.busy = [{ kind: 'openTransaction', client: '10.0.0.7', sinceMs: 0 }];
    await harness.clock.advance(2 * MINUTE + 2 * SECOND);
    expect(harness.compute('a')).toMatchObject({ state: 'suspended', depth: 'frozen' });
  });
});

/** Whether on record or on the way to it, as the control plane counts. */
function awake(harness: Harness): number {
  return harness.store.listComputes({ states: ['creating', 'resuming', 'active'] }).length;
}
