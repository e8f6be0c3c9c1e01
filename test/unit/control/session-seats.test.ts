import { describe, expect, it } from 'vitest';

import { createHarness } from '../../support/control-harness.ts';
import { nativeAccount } from '../../support/fake-host.ts';

const quiet = (): void => undefined;

describe('sessions of a compute', () => {
  it('are as many as it may have, whoever else is connected elsewhere', async () => {
    const harness = await createHarness({ maxSessions: 2 });
    const { id: shop } = await harness.start('shop');
    const { id: blog } = await harness.start('blog');
    const { host } = harness.control;
    host.admit(shop, 1);
    host.admit(shop, 2);
    host.admit(blog, 3);
    expect(() => host.admit(shop, 4)).toThrow(
      expect.objectContaining({
        code: 'TOO_MANY_SESSIONS',
        message: 'Too many connections: compute "shop" has 2 sessions, which is its limit',
        hint: 'doze session list shop --all, or: doze compute start shop --max-sessions NUMBER',
      }),
    );
    host.leave(1);
    host.leave(1);
    host.admit(shop, 4);
    expect(() => host.admit(shop, 5)).toThrow('Too many connections');
  });

  it('are as many as come where no limit is set, and stay when a lower one is', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    const { host, operations } = harness.control;
    for (let session = 1; session <= 100; session += 1) host.admit(id, session);
    const { notes } = await operations.start('default', 'shop', { maxSessions: 99 }, quiet);
    expect(notes).toContain('what its sessions may was changed');
    host.leave(1);
    expect(() => host.admit(id, 101)).toThrow('has 99 sessions');
    host.leave(2);
    host.admit(id, 101);
    await operations.start('default', 'shop', { maxSessions: null }, quiet);
    host.admit(id, 102);
    expect(harness.compute('shop').maxSessions).toBeNull();
  });

  it('go to nobody when the compute is gone: the wake says so', async () => {
    const harness = await createHarness({ maxSessions: 1 });
    harness.control.host.admit('nobody', 1);
    expect(() => harness.control.host.admit('nobody', 2)).not.toThrow();
  });
});

describe('sessions of a project', () => {
  it('are bounded together, with the errno of a resource that is used up', async () => {
    const harness = await createHarness({ maxProjectSessions: 2 });
    const { id: shop } = await harness.start('shop');
    const { id: blog } = await harness.start('blog');
    const { compute: other } = await harness.control.operations.start('other', 'shop', {}, quiet);
    const { host } = harness.control;
    host.admit(shop, 1);
    host.admit(blog, 2);
    expect(() => host.admit(shop, 3)).toThrow(
      expect.objectContaining({
        code: 'PROJECT_SESSIONS_EXCEEDED',
        message: "Project 'default' has exceeded the 'maxProjectSessions' resource (current value: 2)",
      }),
    );
    host.admit(other.id, 4);
    host.leave(2);
    host.admit(shop, 3);
  });
});

describe('sessions that nobody uses', () => {
  it('are ended for computes that say when, asleep too, and nothing wakes for it', async () => {
    const harness = await createHarness();
    const { id } = await harness.start('shop', { sessionIdleTimeoutMs: 600_000 });
    await harness.start('blog');
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    await harness.clock.advance(5_000);
    expect(harness.gate.log.filter((line) => line.startsWith('endIdle'))).toEqual([`endIdleSessions ${id} 600000`]);
    expect(harness.compute('shop').state).toBe('suspended');
  });
});

describe('sessions of an account', () => {
  const app = { user: 'app', host: '%' };
  const withLimit = async (maxConnections: number, maxConnectionsEach = 0, passesLimits = false) => {
    const harness = await createHarness();
    const { id } = await harness.start('shop');
    harness.engine.accounts = {
      takenAtMs: 0,
      accounts: [
        nativeAccount('app', 'secret', { maxConnections, passesLimits }),
        nativeAccount('app', 'secret', { host: '10.0.0.1' }),
      ],
      maxConnectionsEach,
    };
    await harness.control.operations.suspend('default', 'shop', {}, quiet);
    return { host: harness.control.host, id };
  };

  it.each([
    [2, 0, 1226, "User 'app' has exceeded the 'max_user_connections' resource (current value: 2)"],
    [2, 1, 1226, "User 'app' has exceeded the 'max_user_connections' resource (current value: 2)"],
    [0, 2, 1203, "User app already has more than 'max_user_connections' active connections"],
  ])('are as many as it may have: %i of its own, %i of each', async (own, each, errno, message) => {
    const { host, id } = await withLimit(own, each);
    host.admit(id, 1, app);
    host.admit(id, 2, app);
    host.admit(id, 3, { user: 'app', host: '10.0.0.1' });
    host.admit(id, 4, null);
    expect(() => host.admit(id, 5, app)).toThrow(
      expect.objectContaining({ message, entry: expect.objectContaining({ mysql: { errno, sqlState: '42000' } }) }),
    );
    host.leave(1);
    host.leave(1);
    host.admit(id, 6, app);
    expect(() => host.admit(id, 7, app)).toThrow(message);
  });

  it('may be none where that is what is set, and any number for one that passes the limit of each, which does not pass its own', async () => {
    const none = await withLimit(-1);
    expect(() => none.host.admit(none.id, 1, app)).toThrow('(current value: -1)');
    const any = await withLimit(0, 1, true);
    for (let session = 1; session <= 10; session += 1) any.host.admit(any.id, session, app);
    expect(() => any.host.admit(any.id, 11, { user: 'app', host: '10.0.0.1' })).not.toThrow();
    const own = await withLimit(1, 1, true);
    own.host.admit(own.id, 1, app);
    expect(() => own.host.admit(own.id, 2, app)).toThrow('(current value: 1)');
  });
});
