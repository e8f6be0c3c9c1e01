import { describe, expect, it } from 'vitest';

import { isRelayed, judgeClaim, looksRelayed } from '../../../src/lib/gateway/authenticate.ts';
import { createConnectionIds, MAX_THREADS, slotOf } from '../../../src/lib/gateway/connection-ids.ts';
import { candidatePorts } from '../../../src/lib/gateway/listener.ts';
import { ReadBuffer } from '../../../src/lib/gateway/read-buffer.ts';
import { readRouteName } from '../../../src/lib/gateway/route-name.ts';
import { answerScramble, NATIVE_PASSWORD, stage1Of } from '../../../src/lib/mysql/index.ts';
import { nativeAccount } from '../../support/fake-host.ts';

const scramble = Buffer.alloc(20, 's');
const claimOf = (user: string, password: string, seenAs: string | null = '10.0.0.1') => ({
  user,
  scramble,
  seenAs,
  isOverTls: false,
  answer: password === '' ? Buffer.alloc(0) : answerScramble(stage1Of(password), scramble),
});
const snapshotOf = (...accounts: ReturnType<typeof nativeAccount>[]) => ({ takenAtMs: 0, accounts });

describe('a claim', () => {
  it('is judged by the one account that the server would take', () => {
    const snapshot = snapshotOf(nativeAccount('app', 'near', { host: '10.0.0.1' }), nativeAccount('app', 'far'));
    expect(judgeClaim(snapshot, claimOf('app', 'near')).kind).toBe('accepted');
    expect(judgeClaim(snapshot, claimOf('app', 'far')).kind).toBe('refused');
    expect(judgeClaim(snapshot, claimOf('app', 'far', '10.9.9.9')).kind).toBe('accepted');
  });

  it('may be meant for any of several accounts while the address is not known', () => {
    const snapshot = snapshotOf(
      nativeAccount('app', 'near', { host: '10.0.0.1' }),
      nativeAccount('app', 'far'),
      nativeAccount('app', 'local', { host: 'localhost' }),
    );
    expect(judgeClaim(snapshot, claimOf('app', 'near', null)).kind).toBe('accepted');
    expect(judgeClaim(snapshot, claimOf('app', 'far', null)).kind).toBe('accepted');
    expect(judgeClaim(snapshot, claimOf('app', 'local', null)).kind).toBe('refused');
  });

  it('is judged by the native password where an account has other methods too', () => {
    const native = nativeAccount('app', 'right').methods;
    const snapshot = snapshotOf(
      nativeAccount('app', '', { methods: [{ plugin: 'ed25519', authString: 'x' }, ...native] }),
    );
    expect(judgeClaim(snapshot, claimOf('app', 'right')).kind).toBe('accepted');
    expect(judgeClaim(snapshot, claimOf('app', 'wrong')).kind).toBe('refused');
    expect(isRelayed(snapshot, 'app', '10.0.0.1')).toBe(false);
  });

  it('is the server’s to judge where only other methods are', () => {
    const account = (plugin: string) =>
      snapshotOf(nativeAccount('app', '', { methods: [{ plugin, authString: 'x' }] }));
    expect(isRelayed(account('ed25519'), 'app', '10.0.0.1')).toBe(true);
    expect(isRelayed(account('unix_socket'), 'app', '10.0.0.1')).toBe(false);
    expect(isRelayed(account('ed25519'), 'nobody', '10.0.0.1')).toBe(false);
    expect(isRelayed(account(NATIVE_PASSWORD), 'app', '10.0.0.1')).toBe(false);
  });
});

describe('the user name of the shared port', () => {
  it('is split at the last dots, the shorter reading first', () => {
    expect(readRouteName('app.shop')).toEqual([{ user: 'app', compute: 'shop', project: null }]);
    expect(readRouteName('a.b.shop')).toEqual([
      { user: 'a.b', compute: 'shop', project: null },
      { user: 'a', compute: 'b', project: 'shop' },
    ]);
    expect(readRouteName('app')).toEqual([]);
    expect(readRouteName('')).toEqual([]);
  });
});

describe('a user that does not exist', () => {
  const ed25519 = { methods: [{ plugin: 'ed25519', authString: 'x' }] };
  const native = [nativeAccount('a', 'x'), nativeAccount('b', 'x'), nativeAccount('c', 'x')];
  const names = Array.from({ length: 300 }, (_, index) => `nobody${String(index)}`);

  it('looks like one of the accounts there are, the same one every time', () => {
    const mixed = snapshotOf(...native, nativeAccount('d', '', ed25519));
    const looks = names.map((name) => looksRelayed(mixed, name));
    expect(names.map((name) => looksRelayed(mixed, name))).toEqual(looks);
    const relayed = looks.filter(Boolean).length;
    expect(relayed).toBeGreaterThan(30);
    expect(relayed).toBeLessThan(150);
  });

  it('never looks like what no client can log in to, nor like the agent', () => {
    const closed = [
      nativeAccount('doze_agent', '', ed25519),
      nativeAccount('', '', ed25519),
      nativeAccount('root', '', { ...ed25519, host: 'localhost' }),
      nativeAccount('socket', '', { methods: [{ plugin: 'unix_socket', authString: '' }] }),
    ];
    expect(names.some((name) => looksRelayed(snapshotOf(...native, ...closed), name))).toBe(false);
    expect(names.some((name) => looksRelayed(snapshotOf(), name))).toBe(false);
  });

  it('is neither one that exists nor the agent', () => {
    const all = snapshotOf(nativeAccount('d', '', ed25519));
    expect(['nobody', 'd', 'doze_agent'].map((name) => looksRelayed(all, name))).toEqual([true, false, false]);
  });
});

describe('connection ids', () => {
  it('never look like the server’s own, and mean a session of one compute only', () => {
    const ids = createConnectionIds();
    const id = ids.next();
    expect(id).toBe(2 ** 30);
    expect(ids.next()).toBe(2 ** 30 + 1);
    ids.bind(id, { computeId: 'c1', user: 'app' }, 7);
    expect(ids.backendIdOf(id, 'c1')).toBe(7);
    expect(ids.backendIdOf(id, 'c2')).toBeNull();
    expect(ids.backendIdOf(7, 'c1')).toBeNull();
    ids.release(id);
    expect(ids.backendIdOf(id, 'c1')).toBeNull();
  });

  it('say which thread gave them', () => {
    const all = Array.from({ length: MAX_THREADS }, (_, slot) => createConnectionIds(slot).next());
    expect(all.map(slotOf)).toEqual(all.map((_, slot) => slot));
    expect(new Set(all).size).toBe(MAX_THREADS);
    expect(Math.max(...all)).toBeLessThan(2 ** 31);
    expect([7, 2 ** 30 - 1, 2 ** 31].map(slotOf)).toEqual([null, null, null]);
  });
});

describe('the next port', () => {
  it('is one after the one that is taken, then one before', () => {
    expect([...candidatePorts({ port: 5, ports: { from: 3, to: 7 } })]).toEqual([5, 6, 7, 3, 4]);
    expect([...candidatePorts({ port: 99, ports: { from: 3, to: 5 } })]).toEqual([99, 3, 4, 5]);
    expect([...candidatePorts({ port: 7, ports: { from: 6, to: 7 } })]).toEqual([7, 6]);
  });
});

describe('the buffer that a server is read into', () => {
  it('is used again while it is free, and never while somebody holds its bytes', () => {
    const buffer = new ReadBuffer();
    buffer.wasRead(buffer.current.length, true);
    const large = buffer.current;
    buffer.wasRead(large.length, true);
    expect(buffer.current).toBe(large);
    buffer.wasRead(large.length, false);
    expect(buffer.current).not.toBe(large);
    expect(buffer.current.length).toBe(large.length);
  });

  it('is shared while little is read, and what was read of one socket outlives the next read of another', () => {
    const [one, other] = [new ReadBuffer(), new ReadBuffer()];
    expect(one.current).toBe(other.current);
    one.current.write('of one');
    const held = one.take(6);
    one.wasRead(6, false);
    other.current.write('others');
    expect(held.toString()).toBe('of one');
    expect(one.current).toBe(other.current);
  });

  it('grows with a long result and shrinks after it', () => {
    const buffer = new ReadBuffer();
    const small = buffer.current.length;
    buffer.wasRead(small, true);
    const large = buffer.current.length;
    expect(large).toBeGreaterThan(small);
    buffer.wasRead(large, true);
    expect(buffer.current.length).toBe(large);
    for (let i = 0; i < 16; i++) buffer.wasRead(50, true);
    expect(buffer.current.length).toBe(small);
  });
});
