import { describe, expect, it } from 'vitest';

import { judgeClaim, isRelayed } from '../../../src/lib/gateway/authenticate.ts';
import { createConnectionIds, MAX_THREADS, slotOf } from '../../../src/lib/gateway/connection-ids.ts';
import { candidatePorts } from '../../../src/lib/gateway/listener.ts';
import { ReadBuffer } from '../../../src/lib/gateway/read-buffer.ts';
import { readRouteName } from '../../../src/lib/gateway/route-name.ts';
import { createThrottle, delayAfter } from '../../../src/lib/gateway/throttle.ts';
import { answerScramble, NATIVE_PASSWORD, stage1Of } from '../../../src/lib/mysql/index.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const scramble = Buffer.alloc(20, 's');
const claimOf = (user: string, password: string, seenAs: string | null = '10.0.0.1') => ({
  user,
  scramble,
  seenAs,
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

describe('repeated failures', () => {
  it('cost more and more, up to a limit', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(delayAfter)).toEqual([0, 0, 0, 100, 200, 400, 2_000]);
  });

  it('are counted by address, forgotten in time, and remembered in bounded memory', async () => {
    const clock = createSimulatedClock();
    const throttle = createThrottle(clock);
    for (let i = 0; i < 3; i++) expect(throttle.recordFailure('10.0.0.1')).toBe(0);
    expect(throttle.recordFailure('10.0.0.1')).toBe(100);
    expect(throttle.recordFailure('10.0.0.2')).toBe(0);
    await clock.advance(61_000);
    expect(throttle.recordFailure('10.0.0.1')).toBe(0);
    for (let i = 0; i < 3; i++) throttle.recordFailure('10.0.0.3');
    for (let i = 0; i < 5_000; i++) throttle.recordFailure(`192.0.2.${String(i)}`);
    expect(throttle.recordFailure('10.0.0.3')).toBe(0);
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
    const first = buffer.current;
    buffer.wasRead(100, true);
    expect(buffer.current).toBe(first);
    buffer.wasRead(100, false);
    expect(buffer.current).not.toBe(first);
    expect(buffer.current.length).toBe(first.length);
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
