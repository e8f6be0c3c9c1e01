import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createStore, type Heartbeat } from '../../../src/lib/store/index.ts';
import { createActive, destroy, suspend } from '../../support/store-life.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const open = () => createStore({ path: ':memory:' });
const SECRETS = { rootPassword: 'root-3f81', userPassword: 'user-77ab', agentPassword: 'agent-09cd' };

describe('secrets', () => {
  it('are kept until they are deleted', () => {
    const store = open();
    expect(store.getSecrets('c1')).toBeNull();
    store.putSecrets('c1', SECRETS);
    expect(store.getSecrets('c1')).toEqual(SECRETS);
    store.putSecrets('c1', { ...SECRETS, userPassword: 'user-new' });
    expect(store.getSecrets('c1')?.userPassword).toBe('user-new');
    store.deleteSecrets('c1');
    store.deleteSecrets('c1');
    expect(store.getSecrets('c1')).toBeNull();
  });

  it('are not in the file any more once deleted', () => {
    using directory = createTemporaryDirectory();
    const path = `${directory.path}/doze.db`;
    const store = createStore({ path });
    createActive(store, 'c1', 1);
    store.putSecrets('c1', SECRETS);
    store.close();
    expect(readFileSync(path).includes('user-77ab')).toBe(true);
    const again = createStore({ path });
    again.deleteSecrets('c1');
    again.close();
    expect(readFileSync(path).includes('user-77ab')).toBe(false);
  });
});

describe('accounts', () => {
  it('are the last snapshot taken', () => {
    const store = open();
    expect(store.getAccounts('c1')).toBeNull();
    const account = {
      user: 'app',
      host: '%',
      methods: [{ plugin: 'mysql_native_password', authString: `*${'A'.repeat(40)}` }],
      isLocked: false,
      isPasswordExpired: false,
      requiresTls: false,
      requiresCertificate: false,
      maxConnections: 0,
      passesLimits: false,
    };
    store.putAccounts('c1', { takenAtMs: 1, accounts: [] });
    store.putAccounts('c1', { takenAtMs: 2, accounts: [account] });
    expect(store.getAccounts('c1')).toEqual({ takenAtMs: 2, accounts: [account] });
    store.deleteSecrets('c1');
    expect(store.getAccounts('c1')).toBeNull();
  });
});

describe('heartbeats', () => {
  const beat = (segmentId: number, lengthMs: number): Heartbeat => ({
    segmentId,
    wallMs: 1000.5,
    lengthMs,
    bootId: 'boot-1',
    monotonicMs: 123.456,
  });

  it('are the last proof of life of each open segment', () => {
    const store = open();
    createActive(store, 'c1', 1);
    createActive(store, 'c2', 1);
    expect(store.lastHeartbeat(2)).toBeNull();
    store.heartbeat([beat(2, 10), beat(4, 20)]);
    store.heartbeat([beat(2, 30.25)]);
    expect(store.lastHeartbeat(2)).toEqual(beat(2, 30.25));
    expect(store.lastHeartbeat(4)).toEqual(beat(4, 20));
  });

  it('are forgotten for segments that are closed', () => {
    const store = open();
    createActive(store, 'c1', 1);
    createActive(store, 'c2', 1);
    store.heartbeat([beat(2, 10), beat(4, 20)]);
    suspend(store, 'c1', 30, 20);
    expect(store.lastHeartbeat(2)).toEqual(beat(2, 10));
    store.heartbeat([beat(4, 40)]);
    expect(store.lastHeartbeat(2)).toBeNull();
  });
});

describe('meta', () => {
  it('keeps texts by key', () => {
    const store = open();
    expect(store.getMeta('sharedPort')).toBeNull();
    store.setMeta('sharedPort', '3307');
    store.setMeta('sharedPort', '3308');
    expect(store.getMeta('sharedPort')).toBe('3308');
  });
});

it('secrets are in no event, compute or segment', () => {
  const store = open();
  createActive(store, 'c1', 1);
  store.putSecrets('c1', SECRETS);
  destroy(store, 'c1', 2, 1);
  const told = JSON.stringify([
    store.listEvents({}),
    store.listComputes({ includeDestroyed: true }),
    [...store.segments({ fromMs: 0, toMs: 100 })],
  ]);
  for (const secret of Object.values(SECRETS)) expect(told).not.toContain(secret);
});
