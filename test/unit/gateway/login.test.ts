import { once } from 'node:events';
import { connect } from 'node:net';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import {
  answerScramble,
  Capability,
  isAuthSwitchRequest,
  isErr,
  OK_HEADER,
  readAuthSwitchRequest,
  readErr,
  stage1Of,
  writeAuthSwitchRequest,
  writeErr,
  writePacket,
} from '../../../src/lib/mysql/index.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import {
  CLIENT_CAPABILITIES,
  startGatewayHarness,
  until,
  USERS,
  type GatewayHarness,
} from '../../support/gateway-harness.ts';
import { loginRawClient, sendLogin } from '../../support/raw-client.ts';

const DENIED = /1045 Access denied for user 'app'@'127.0.0.1' \(using password: YES\)/;

function loginOf(harness: GatewayHarness, user: string, password: string) {
  return { host: '127.0.0.1', port: harness.port, user, password, capabilities: CLIENT_CAPABILITIES };
}

describe('a client of a sleeping compute', () => {
  it('with the right password wakes it and gets the server’s own answer', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    expect(client.ok[0]).toBe(OK_HEADER);
    expect(harness.host.wakes).toBe(1);
    expect(harness.backend.logins[0]?.user.toString()).toBe('app');
    expect(harness.gateway.sessionCount('c1')).toBe(1);
    expect(client.greeting.serverVersion).toBe('10.11.19-MariaDB');
    expect(client.greeting.capabilities.base & (Capability.SSL | Capability.COMPRESS)).toBe(0);
    expect(client.greeting.connectionId).toBeGreaterThanOrEqual(2 ** 30);
  });

  it('is told the server’s capabilities with its own flags only', async () => {
    await using harness = await startGatewayHarness();
    await using _client = await harness.login();
    expect(harness.backend.logins[0]?.capabilities).toEqual(CLIENT_CAPABILITIES);
  });

  it('may have no password', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login('empty', '');
    expect(client.ok[0]).toBe(OK_HEADER);
    await expect(harness.login('empty', 'something')).rejects.toThrow(/1045/);
  });

  it.each([
    ['a wrong password', 'app', 'wrong', []],
    ['an unknown user', 'app', 'secret', [nativeAccount('other', 'secret')]],
    ['a wrong password of a locked account', 'app', 'wrong', [nativeAccount('app', 'secret', { isLocked: true })]],
    ['one of an account that demands TLS', 'app', 'wrong', [nativeAccount('app', 'secret', { requiresTls: true })]],
    ['an account of another host', 'app', 'secret', [nativeAccount('app', 'secret', { host: 'localhost' })]],
    [
      'an account that no password opens',
      'app',
      'secret',
      [nativeAccount('app', '', { methods: [{ plugin: 'mysql_native_password', authString: 'invalid' }] })],
    ],
    [
      'an account of the server’s machine',
      'app',
      'secret',
      [nativeAccount('app', '', { methods: [{ plugin: 'unix_socket', authString: '' }] })],
    ],
  ])('is refused without a wake for %s', async (_what, user, password, accounts) => {
    await using harness = accounts.length === 0 ? await startGatewayHarness() : await startGatewayHarness({}, accounts);
    await expect(harness.login(user, password)).rejects.toThrow(DENIED);
    expect(harness.host.wakes).toBe(0);
    expect(harness.backend.connections.size).toBe(0);
  });

  it.each([
    ['is locked', { isLocked: true }, /^refused: 4151 Access denied, this account is locked$/],
    ['demands TLS', { requiresTls: true }, /^refused: 1045 .*the account requires TLS; switch it on in the client$/],
    [
      'demands a certificate',
      { requiresTls: true, requiresCertificate: true },
      /^refused: 1045 .*requires a certificate of the client, which cannot go through doze; ALTER USER/,
    ],
    ['is locked and demands TLS', { isLocked: true, requiresTls: true }, /^refused: 1045 .*requires TLS/],
  ])('is told what else is wrong, without a wake, when the account %s', async (_what, changes, message) => {
    await using harness = await startGatewayHarness({}, [nativeAccount('app', 'secret', changes)]);
    await expect(harness.login()).rejects.toThrow(message);
    expect(harness.host.wakes).toBe(0);
    harness.host.isActive = true;
    await expect(harness.login()).rejects.toThrow(message);
    harness.host.freshAccounts = [nativeAccount('app', 'secret')];
    await using client = await harness.login();
    expect(client.ok[0]).toBe(OK_HEADER);
  });

  it('is never the agent', async () => {
    await using harness = await startGatewayHarness({}, [nativeAccount('doze_agent', 'secret')]);
    await expect(harness.login('doze_agent', 'secret')).rejects.toThrow(/1045 Access denied for user 'doze_agent'/);
    expect(harness.host.wakes).toBe(0);
  });

  it('that begins with another method is asked for the native one', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.connect();
    sendLogin(client, loginOf(harness, 'app', 'secret'), 'caching_sha2_password', Buffer.alloc(32, 1));
    const request = (await client.read()).payload;
    expect(isAuthSwitchRequest(request)).toBe(true);
    const { plugin, data } = readAuthSwitchRequest(request);
    expect(plugin).toBe('mysql_native_password');
    client.send(answerScramble(stage1Of('secret'), data), 3);
    const { payload, sequence } = await client.read();
    expect([payload[0], sequence]).toEqual([OK_HEADER, 4]);
  });

  it('gets the reason when the wake fails', async () => {
    await using harness = await startGatewayHarness();
    harness.host.onWake = () => Promise.reject(new DozeError('SERVER_START_FAILED', 'compute "shop" did not start'));
    await expect(harness.login()).rejects.toThrow('1053 compute "shop" did not start');
  });

  it('gets an error when the wake takes too long', async () => {
    await using harness = await startGatewayHarness({ wakeTimeoutMs: 50 });
    harness.host.onWake = () => new Promise(() => undefined);
    await expect(harness.login()).rejects.toThrow('1205 compute "shop" did not wake within 0.05 s');
  });

  it('hears what it waited for when the host was full all the time', async () => {
    await using harness = await startGatewayHarness({ wakeTimeoutMs: 50 });
    harness.host.onWake = () => new Promise(() => undefined);
    harness.host.waits = 'waits for 0.5 CU: 2 of 2 CU are awake, 1 before it';
    await expect(harness.login()).rejects.toThrow(
      '1205 compute "shop" had no room to wake within 0.05 s: it waits for 0.5 CU: 2 of 2 CU are awake, 1 before it',
    );
  });

  it('is refused when too many wait already', async () => {
    await using harness = await startGatewayHarness({ maxWaitersPerCompute: 2 });
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    const waiting = [harness.login(), harness.login()];
    await until(() => harness.gateway.blockers('c1', 'parked').length === 2);
    await expect(harness.login()).rejects.toThrow(/1040/);
    wake.resolve(undefined);
    const clients = await Promise.all(waiting);
    expect(clients.length).toBe(2);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('that leaves while it waits is forgotten', async () => {
    await using harness = await startGatewayHarness();
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    const client = await harness.connect();
    sendLogin(client, loginOf(harness, 'app', 'secret'));
    await until(() => harness.gateway.blockers('c1', 'frozen').some(({ kind }) => kind === 'login'));
    await client[Symbol.asyncDispose]();
    await until(() => harness.gateway.blockers('c1', 'frozen').length === 0);
    wake.resolve(undefined);
    await until(() => harness.host.isActive);
    expect(harness.backend.logins).toEqual([]);
  });

  it('shares one wake with a thousand others', async () => {
    await using harness = await startGatewayHarness();
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    const logins = Array.from({ length: 1_000 }, () => harness.login());
    await until(() => harness.gateway.blockers('c1', 'parked').length === 1_000);
    wake.resolve(undefined);
    const clients = await Promise.all(logins);
    expect(harness.host.wakes).toBe(1);
    expect(harness.gateway.sessionCount('c1')).toBe(1_000);
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    await until(() => harness.gateway.sessionCount('c1') === 0);
  });
});

describe('a client of an active compute', () => {
  it('that was made a moment ago is let in', async () => {
    await using harness = await startGatewayHarness({}, []);
    harness.host.isActive = true;
    harness.host.freshAccounts = [nativeAccount('app', 'secret')];
    await using client = await harness.login();
    expect(client.ok[0]).toBe(OK_HEADER);
    expect(harness.host.refreshes).toBe(1);
  });

  it('whom the server refuses is refused in the client’s words, and the accounts are read again', async () => {
    await using harness = await startGatewayHarness();
    harness.host.isActive = true;
    harness.backend.refusal = writeErr({ errno: 1045, sqlState: '28000', message: 'seen from elsewhere' });
    await expect(harness.login()).rejects.toThrow(DENIED);
    expect(harness.host.refreshes).toBe(1);
  });

  it('gets the server’s other refusals as they are', async () => {
    await using harness = await startGatewayHarness();
    harness.host.isActive = true;
    harness.backend.refusal = writeErr({ errno: 1049, sqlState: '42000', message: "Unknown database 'nope'" });
    await expect(harness.login()).rejects.toThrow("1049 Unknown database 'nope'");
  });

  it('is told when the server cannot be reached', async () => {
    await using harness = await startGatewayHarness();
    harness.host.isActive = true;
    harness.host.endpoint = { host: '127.0.0.1', port: 1, seenAs: '127.0.0.1', takesClientAddress: false };
    await expect(harness.login()).rejects.toThrow('2013 the server does not answer');
  });

  it('with a method that only the server can check has the server’s own exchange', async () => {
    const account = nativeAccount('app', '', { methods: [{ plugin: 'ed25519', authString: 'abc' }] });
    await using harness = await startGatewayHarness({}, [account]);
    const data = Buffer.alloc(32, 's');
    harness.backend.refusal = writeAuthSwitchRequest({ plugin: 'client_ed25519', data });
    await using client = await harness.connect();
    sendLogin(client, loginOf(harness, 'app', 'secret'));
    const request = await client.read();
    expect(readAuthSwitchRequest(request.payload)).toEqual({ plugin: 'client_ed25519', data });
    expect(request.sequence).toBe(2);
    expect(harness.host.wakes).toBe(1);
  });
});

describe('the shared port', () => {
  const shared = (harness: GatewayHarness, user: string, password: string) =>
    loginRawClient({ ...loginOf(harness, user, password), port: harness.gateway.sharedPort });

  it.each(['app.shop', 'app.shop.default'])('knows the compute from %s', async (user) => {
    await using harness = await startGatewayHarness();
    await using client = await shared(harness, user, USERS.app);
    expect(client.ok[0]).toBe(OK_HEADER);
    expect(harness.backend.logins[0]?.user.toString()).toBe('app');
  });

  it.each(['app', 'app.other', 'app.shop.other', 'wrong.shop'])('refuses %s like a wrong password', async (user) => {
    await using harness = await startGatewayHarness();
    await expect(shared(harness, user, 'secret')).rejects.toThrow(/1045 Access denied for user/);
    expect(harness.host.wakes).toBe(0);
  });
});

describe('what is no client', () => {
  it.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['random bytes', Buffer.from('0d00000101ff000000ffffff1122334455', 'hex')],
    ['an empty packet', writePacket(Buffer.alloc(0), 1)],
    ['a request for TLS', writePacket(Buffer.concat([Buffer.of(0, 0x0a, 0, 0), Buffer.alloc(28)]), 1)],
    ['a client from before 4.1', writePacket(Buffer.from('85240000000001626f6200', 'hex'), 1)],
  ])('is answered with an error and closed: %s', async (_what, bytes) => {
    await using harness = await startGatewayHarness();
    await using client = await harness.connect();
    client.socket.write(bytes);
    const { payload } = await client.read();
    expect(isErr(payload)).toBe(true);
    expect(readErr(payload).errno).toBe(1835);
    await once(client.socket, 'close');
    expect(harness.host.wakes).toBe(0);
  });

  it('is closed when it says nothing', async () => {
    await using harness = await startGatewayHarness({ loginTimeoutMs: 50 });
    await using client = await harness.connect();
    expect(readErr((await client.read()).payload).message).toBe('no login within 0.05 s');
    await once(client.socket, 'close');
  });

  it('is refused with a word while there are file descriptors to say it with', async () => {
    await using harness = await startGatewayHarness({ maxDescriptor: 0 });
    await expect(harness.connect()).rejects.toThrow('the doze agent may not open more files');
    expect(harness.host.wakes).toBe(0);
  });

  it('is refused when too many are logging in', async () => {
    await using harness = await startGatewayHarness({ maxUnauthenticated: 2 });
    await using _first = await harness.connect();
    await using _second = await harness.connect();
    await expect(harness.connect()).rejects.toThrow('too many clients are logging in');
  });

  it('may scan the port', async () => {
    await using harness = await startGatewayHarness();
    for (let i = 0; i < 50; i++) {
      const scan = connect({ host: '127.0.0.1', port: harness.port });
      await once(scan, 'connect');
      scan.destroy();
    }
    await using client = await harness.connect();
    expect(client.greeting.scramble.includes(0)).toBe(false);
    expect(harness.host.wakes).toBe(0);
  });

  it('may send anything: it is answered or closed, and nothing is kept of it', async () => {
    await using harness = await startGatewayHarness({ loginTimeoutMs: 500 });
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 10; round++) {
      const closed = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 400 }), 50).map(async (bytes) => {
        const socket = connect({ host: '127.0.0.1', port: harness.port });
        socket.on('error', () => undefined);
        socket.resume();
        socket.write(bytes);
        await once(socket, 'close');
      });
      await Promise.all(closed);
    }
    expect(harness.host.wakes).toBe(0);
    expect(harness.backend.logins).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
    await using client = await harness.login();
    expect(client.ok[0]).toBe(OK_HEADER);
  });
});
