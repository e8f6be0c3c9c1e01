import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { createHarness, type Harness } from '../../support/control-harness.ts';
import { sessionOf } from '../../support/session-facts.ts';

const quiet = (): void => undefined;

async function withSession(facts: Parameters<typeof sessionOf>[1]): Promise<Harness> {
  const harness = await createHarness();
  const { id } = await harness.start('shop');
  harness.gate.listed = [sessionOf(7, { computeId: id, ...facts })];
  return harness;
}

describe('the list of sessions', () => {
  it('has those first that keep the compute, the longest first, with names and wall times', async () => {
    const harness = await createHarness();
    const { id: shop } = await harness.start('shop');
    const { id: blog } = await harness.start('blog');
    const nowMs = harness.clock.monotonicMs();
    harness.gate.listed = [
      sessionOf(1, { computeId: shop, state: 'idle', sinceMs: nowMs - 9000 }),
      sessionOf(2, { computeId: shop, state: 'busy', sinceMs: nowMs - 1000, why: 'runs a command', backendId: 12 }),
      sessionOf(3, { computeId: shop, state: 'transaction', sinceMs: nowMs - 2000 }),
      sessionOf(4, { computeId: blog, state: 'parked', sinceMs: nowMs }),
      sessionOf(5, { computeId: 'of-nobody-any-more' }),
    ];
    const all = await harness.control.operations.listSessions({ project: 'default', name: null });
    expect(all.map(({ id, compute }) => [id, compute])).toEqual([
      [4, 'blog'],
      [3, 'shop'],
      [2, 'shop'],
      [1, 'shop'],
    ]);
    expect(all[2]).toMatchObject({
      project: 'default',
      state: 'busy',
      stateSinceMs: harness.clock.wallMs() - 1000,
      why: 'runs a command',
      backendId: 12,
    });
    const some = await harness.control.operations.listSessions({ project: null, name: 'blog' });
    expect(some.map(({ id }) => id)).toEqual([4]);
  });

  it('wakes nothing, and knows no compute that is not there', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    harness.gate.listed = [sessionOf(1, { computeId: id, state: 'parked' })];
    const { listSessions } = harness.control.operations;
    expect(await listSessions({ project: 'default', name: 'shop' })).toMatchObject([{ id: 1, state: 'parked' }]);
    expect(harness.compute('shop').state).toBe('suspended');
    await expect(listSessions({ project: 'other', name: 'shop' })).rejects.toMatchObject({ code: 'COMPUTE_NOT_FOUND' });
    expect(await listSessions({ project: 'other', name: null })).toEqual([]);
  });
});

describe('killing a session', () => {
  it('tells the server too where a command runs, and puts it on record', async () => {
    const harness = await withSession({ state: 'busy', why: 'runs a command', backendId: 12 });
    const { session, notes } = await harness.control.operations.killSession(7);
    expect(session).toMatchObject({ id: 7, compute: 'shop', state: 'busy' });
    expect(notes).toEqual([]);
    expect(harness.gate.log).toContain('endSession 7: Connection was killed');
    expect(harness.engine.kills).toEqual([12]);
    expect(harness.store.listEvents({ types: ['sessionEnded'] })).toMatchObject([
      { computeName: 'shop', event: { reason: 'killed', session: 7, user: 'app', why: 'runs a command' } },
    ]);
    expect(harness.compute('shop').state).toBe('active');
  });

  it('says what a server that does not answer means, when the client has its error already', async () => {
    const harness = await withSession({ state: 'busy', backendId: 12 });
    harness.engine.killError = new DozeError('BACKEND_LOST', 'no answer');
    const { notes } = await harness.control.operations.killSession(7);
    expect(notes).toEqual(['the server could not be told, so that its statement may run to its end: no answer']);
  });

  it.each(['idle', 'transaction', 'pinned', 'parked'] as const)(
    'leaves the end of a session that is %s to its closed connection',
    async (state) => {
      const harness = await withSession({ state, backendId: state === 'parked' ? null : 12 });
      await harness.control.operations.killSession(7);
      expect(harness.engine.kills).toEqual([]);
      expect(harness.gate.listed).toEqual([]);
    },
  );

  it('neither wakes nor thaws a compute that sleeps', async () => {
    const harness = await withSession({ state: 'busy', backendId: 12 });
    await harness.control.operations.suspend('default', 'shop', { depth: 'frozen' }, quiet);
    await harness.control.operations.killSession(7);
    expect(harness.engine.kills).toEqual([]);
    expect(harness.compute('shop')).toMatchObject({ state: 'suspended', depth: 'frozen' });
  });

  it('is refused for one that is not there', async () => {
    const harness = await withSession({});
    await expect(harness.control.operations.killSession(8)).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
      message: 'there is no session 8: it may have ended',
    });
    expect(harness.gate.listed).toHaveLength(1);
  });
});

describe('what `show` says of sessions', () => {
  it('has the id of each that keeps the compute, awake or asleep', async () => {
    const harness = await createHarness();
    await harness.start('shop', {
      ladder: [
        { depth: 'frozen', afterMs: 60_000 },
        { depth: 'parked', afterMs: 600_000 },
      ],
    });
    const sinceMs = harness.clock.monotonicMs();
    harness.gate.busy = [{ kind: 'openTransaction', client: '10.0.0.7:4711', session: 7, sinceMs }];
    await harness.clock.advance(62_000);
    const asleep = await harness.control.live(harness.compute('shop'));
    expect(asleep).toMatchObject({ awakeBecause: [], nextStep: { depth: 'parked' } });
    expect(asleep.heldBecause).toEqual(['an open transaction from 10.0.0.7:4711 for 1 min 2 s (session 7)']);
    harness.gate.busy = [];
    expect((await harness.control.live(harness.compute('shop'))).heldBecause).toEqual([]);
  });
});
