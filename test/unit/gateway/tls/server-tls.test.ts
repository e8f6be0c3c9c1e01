import { describe, expect, it } from 'vitest';

import { Capability, Command, OK_HEADER, readErr, writeAuthMoreData } from '../../../../src/lib/mysql/index.ts';
import { deriveServerIdentity } from '../../../../src/lib/x509/index.ts';
import { nativeAccount } from '../../../support/fake-host.ts';
import { CLIENT_CAPABILITIES, startGatewayHarness, type GatewayHarness } from '../../../support/gateway-harness.ts';
import { sendLogin } from '../../../support/raw-client.ts';
import { loginRawTlsClient } from '../../../support/raw-tls-client.ts';
import { createTestTls } from '../../../support/tls-certificate.ts';

const identity = deriveServerIdentity('secret of the agent', 'c1');
const tls = createTestTls();
const SECURED = [nativeAccount('app', 'secret', { requiresTls: true })];

async function startSecured(accounts = SECURED): Promise<GatewayHarness> {
  const harness = await startGatewayHarness({ tls }, accounts);
  harness.backend.identity = identity;
  harness.host.certificate = identity.certificate;
  return harness;
}

const logIn = ({ port }: GatewayHarness, password = 'secret') =>
  loginRawTlsClient({ host: '127.0.0.1', port, user: 'app', password, capabilities: CLIENT_CAPABILITIES });
const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);

describe('an account that requires TLS', () => {
  it('is let in over TLS, which goes on up to the server', async () => {
    await using harness = await startSecured();
    await using client = await logIn(harness);
    expect((await client.read())[0]).toBe(OK_HEADER);
    expect(harness.backend.secured).toBe(1);
    expect(harness.backend.logins[0]?.capabilities.base).toBe((CLIENT_CAPABILITIES.base | Capability.SSL) >>> 0);
    client.send(query(`SELECT ${'x'.repeat(200_000)}`));
    expect((await client.read())[0]).toBe(OK_HEADER);
    expect(harness.backend.commands.map((command) => command.length)).toEqual([200_013]);
  });

  it('wakes its server with the right password, and not with a wrong one', async () => {
    await using harness = await startSecured();
    await using wrong = await logIn(harness, 'wrong');
    expect(readErr(await wrong.read()).errno).toBe(1045);
    expect(harness.host.wakes).toBe(0);
    await using client = await logIn(harness);
    expect((await client.read())[0]).toBe(OK_HEADER);
    expect(harness.host.wakes).toBe(1);
  });

  it('is told what to do where its server began without TLS', async () => {
    await using harness = await startGatewayHarness({ tls }, SECURED);
    await using client = await logIn(harness);
    const { errno, message } = readErr(await client.read());
    expect([errno, message]).toEqual([
      1045,
      expect.stringMatching(/requires TLS, and the server of compute "shop" began without.*`doze compute suspend shop/),
    ]);
    expect(harness.backend.logins).toEqual([]);
  });

  it('has no word said to a server with another certificate', async () => {
    await using harness = await startSecured();
    harness.backend.identity = deriveServerIdentity('somebody else’s', 'c1');
    await using client = await logIn(harness);
    const { errno, message } = readErr(await client.read());
    expect([errno, message]).toEqual([2026, expect.stringMatching(/in place of the server of compute "shop"/)]);
    expect(harness.backend.logins).toEqual([]);
    expect(harness.gateway.sessionCount('c1')).toBe(0);
  });

  it('comes to an end with its server, as without TLS', async () => {
    await using harness = await startSecured();
    await using client = await logIn(harness);
    await client.read();
    for (const socket of harness.backend.connections) socket.destroy();
    await expect(client.read()).rejects.toThrow(/closed the connection/);
    expect(harness.gateway.sessionCount('c1')).toBe(0);
  });
});

describe('a server that speaks TLS', () => {
  it('is spoken to in plain for an account that does not ask for it', async () => {
    await using harness = await startSecured([nativeAccount('app', 'secret')]);
    await using client = await logIn(harness);
    expect((await client.read())[0]).toBe(OK_HEADER);
    expect(harness.backend.secured).toBe(0);
  });

  it.each([
    ['over TLS with a client over TLS', true, 1],
    ['in plain with a client in plain', false, 0],
  ])('has its own exchange %s, as what a client says depends on it', async (_what, isSecure, secured) => {
    const methods = [{ plugin: 'caching_sha2_password', authString: '$A$005$x' }];
    await using harness = await startSecured([nativeAccount('app', '', { methods })]);
    // Full authentication: over TLS the client answers with its password in clear.
    harness.backend.question = writeAuthMoreData(Buffer.of(4));
    if (isSecure) {
      await using client = await logIn(harness);
      await client.read();
      client.send(Buffer.from('secret\0'), 4);
      expect((await client.read())[0]).toBe(OK_HEADER);
    } else {
      await using client = await harness.connect();
      const login = { host: '127.0.0.1', port: harness.port, user: 'app', password: 'secret' };
      sendLogin(client, { ...login, capabilities: CLIENT_CAPABILITIES }, 'caching_sha2_password', Buffer.alloc(32, 1));
      await client.read();
      client.send(Buffer.of(2), 3);
      expect((await client.read()).payload[0]).toBe(OK_HEADER);
    }
    expect(harness.backend.secured).toBe(secured);
  });
});
