import { once } from 'node:events';
import { connect } from 'node:net';

import * as mysql2 from 'mysql2/promise';
import { describe, expect, it } from 'vitest';

import {
  Capability,
  Command,
  isErr,
  OK_HEADER,
  proveCertificate,
  readErr,
  readOk,
  stage1Of,
  stage2Of,
  writePacket,
} from '../../../../src/lib/mysql/index.ts';
import { createServerTls } from '../../../../src/lib/gateway/tls/server-tls.ts';
import { CLIENT_CAPABILITIES, startGatewayHarness, until } from '../../../support/gateway-harness.ts';
import { okPacket } from '../../../support/fake-backend.ts';
import { loginRawClient } from '../../../support/raw-client.ts';
import { loginRawTlsClient, type RawTlsLogin } from '../../../support/raw-tls-client.ts';
import { createTestTls } from '../../../support/tls-certificate.ts';

const loginOf = (port: number, changes: Partial<RawTlsLogin> = {}): RawTlsLogin => ({
  host: '127.0.0.1',
  port,
  user: 'app',
  password: 'secret',
  capabilities: CLIENT_CAPABILITIES,
  ...changes,
});

describe('a client over TLS', () => {
  it.each(['as they come', 'together', 'one by one'] as const)(
    'logs in, however the bytes of its handshake are cut: %s',
    async (cut) => {
      await using harness = await startGatewayHarness({ tls: createTestTls() });
      await using client = await loginRawTlsClient(loginOf(harness.port, { cut }));
      expect((await client.read())[0]).toBe(OK_HEADER);
      expect(harness.host.wakes).toBe(1);
      client.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('DO 1')]));
      expect((await client.read())[0]).toBe(OK_HEADER);
      expect(harness.backend.commands).toEqual(['QUERY DO 1']);
    },
  );

  it('is told of to the server as one without: TLS ends at the gateway', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    await using client = await loginRawTlsClient(loginOf(harness.port));
    await client.read();
    expect(client.greeting.capabilities.base & Capability.SSL).toBe(Capability.SSL);
    expect(harness.backend.logins[0]?.capabilities).toEqual(CLIENT_CAPABILITIES);
  });

  it('is shown by the password that the certificate is the right one', async () => {
    const tls = createTestTls();
    await using harness = await startGatewayHarness({ tls });
    await using client = await loginRawTlsClient(loginOf(harness.port));
    const { rest } = readOk(await client.read());
    const proof = proveCertificate({
      passwordHash: stage2Of(stage1Of('secret')),
      scramble: client.greeting.scramble,
      fingerprint: createServerTls(tls).fingerprint,
    });
    expect(rest).toEqual(Buffer.concat([Buffer.of(proof.length), proof]));
  });

  it('without a password gets the server’s OK as it is', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    await using client = await loginRawTlsClient(loginOf(harness.port, { user: 'empty', password: '' }));
    expect(await client.read()).toEqual(okPacket());
  });

  it('is refused for a wrong password inside of TLS, and wakes nothing', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    await using client = await loginRawTlsClient(loginOf(harness.port, { password: 'wrong' }));
    expect(readErr(await client.read())).toMatchObject({ errno: 1045, sqlState: '28000' });
    await until(() => client.tls.closed);
    expect(harness.host.wakes).toBe(0);
  });

  it('gets large results whole, in both directions', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    const text = Buffer.alloc(3_000_000, 'abcdefghij');
    const message = Buffer.concat([Buffer.of(0, 0, 0, 2, 0, 0, 0), text]);
    harness.backend.answer = (payload) => (payload.subarray(1).equals(text) ? [message] : [okPacket()]);
    await using client = await loginRawTlsClient(loginOf(harness.port));
    await client.read();
    for (let i = 0; i < 5; i++) {
      client.send(Buffer.concat([Buffer.of(Command.QUERY), text]));
      expect((await client.read()).equals(message)).toBe(true);
    }
  });

  it('keeps its connection while the compute sleeps, and is told over it why it ends', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    await using client = await loginRawTlsClient(loginOf(harness.port));
    await client.read();
    harness.gateway.hold('c1');
    harness.host.isActive = false;
    harness.gateway.release('c1');
    client.send(Buffer.of(Command.PING));
    expect((await client.read())[0]).toBe(OK_HEADER);
    expect(harness.host.wakes).toBe(1);
    client.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('DO 2')]));
    expect((await client.read())[0]).toBe(OK_HEADER);
    expect(harness.host.wakes).toBe(2);
    await harness.gateway.shutDown();
    expect(readErr(await client.read())).toMatchObject({ errno: 1053 });
  });

  it('is forgotten when it goes', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    const client = await loginRawTlsClient(loginOf(harness.port));
    await client.read();
    expect(harness.gateway.sessionCount('c1')).toBe(1);
    await client[Symbol.asyncDispose]();
    await until(() => harness.gateway.sessionCount('c1') === 0 && harness.backend.connections.size === 0);
  });

  it('reaches a compute on the shared port by the name that it gives to TLS', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    const port = harness.gateway.sharedPort;
    await using named = await loginRawTlsClient(loginOf(port, { serverName: 'shop.db.example' }));
    expect((await named.read())[0]).toBe(OK_HEADER);
    await using both = await loginRawTlsClient(loginOf(port, { serverName: 'shop.db.example', user: 'app.shop' }));
    expect((await both.read())[0]).toBe(OK_HEADER);
    await using other = await loginRawTlsClient(loginOf(port, { serverName: 'other.db.example' }));
    expect(readErr(await other.read())).toMatchObject({ errno: 1045 });
    expect(harness.backend.logins.map(({ user }) => user.toString())).toEqual(['app', 'app']);
  });

  it('gets the certificate that is the latest', async () => {
    const [first, second] = [createTestTls(), createTestTls()];
    await using harness = await startGatewayHarness({ tls: first });
    await using early = await loginRawTlsClient(loginOf(harness.port));
    await early.read();
    harness.gateway.renewTls(second);
    await using late = await loginRawTlsClient(loginOf(harness.port));
    await late.read();
    const seen = [early, late].map(({ tls }) => tls.getPeerX509Certificate()?.toString());
    expect(seen).toEqual([first.certificate, second.certificate]);
    early.send(Buffer.of(Command.PING));
    expect((await early.read())[0]).toBe(OK_HEADER);
  });

  it('is believed by mysql2 when it knows the certificate, and only then', async () => {
    const tls = createTestTls();
    await using harness = await startGatewayHarness({ tls });
    const settings = { host: '127.0.0.1', port: harness.port, user: 'app', password: 'secret' };
    const connection = await mysql2.createConnection({ ...settings, ssl: { ca: tls.certificate } });
    await connection.ping();
    connection.destroy();
    await expect(mysql2.createConnection({ ...settings, ssl: {} })).rejects.toThrow(/self-signed certificate/);
  });
});

describe('a gateway that requires TLS', () => {
  it('refuses who comes without, before it looks at the password', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls({ mode: 'required' }) });
    const login = { ...loginOf(harness.port), password: 'wrong' };
    await expect(loginRawClient(login)).rejects.toThrow(
      'refused: 3159 Connections using insecure transport are prohibited',
    );
    await using client = await loginRawTlsClient(loginOf(harness.port));
    expect((await client.read())[0]).toBe(OK_HEADER);
  });
});

describe('a gateway without TLS', () => {
  it('does not offer it, and refuses who asks all the same', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.connect();
    expect(client.greeting.capabilities.base & Capability.SSL).toBe(0);
    const request = Buffer.alloc(32);
    request.writeUInt32LE(Capability.SSL | Capability.PROTOCOL_41);
    client.send(request, 1);
    const { payload } = await client.read();
    expect([isErr(payload), readErr(payload).message]).toEqual([true, 'TLS is not offered on this port']);
  });
});

describe('a client that asks for TLS and does not speak it', () => {
  it.each([
    ['sends something else', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['leaves', null],
  ])('is let go when it %s', async (_what, bytes) => {
    await using harness = await startGatewayHarness({ tls: createTestTls() });
    const socket = connect({ host: '127.0.0.1', port: harness.port });
    socket.on('error', () => undefined);
    await once(socket, 'data');
    const request = Buffer.alloc(32);
    request.writeUInt32LE(Capability.SSL | Capability.PROTOCOL_41);
    socket.write(writePacket(request, 1));
    if (bytes === null) socket.end();
    else socket.write(bytes);
    await once(socket, 'close');
    expect(harness.host.wakes).toBe(0);
    await using next = await harness.login();
    expect(next.ok[0]).toBe(OK_HEADER);
  });

  it('is let go when it stays silent for too long', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls(), loginTimeoutMs: 50 });
    const socket = connect({ host: '127.0.0.1', port: harness.port });
    socket.on('error', () => undefined);
    await once(socket, 'data');
    const request = Buffer.alloc(32);
    request.writeUInt32LE(Capability.SSL | Capability.PROTOCOL_41);
    socket.write(writePacket(request, 1));
    await once(socket, 'close');
    expect(harness.host.wakes).toBe(0);
  });
});
