import * as mariadb from 'mariadb';
import { describe, expect, it } from 'vitest';

import { writeAuthSwitchRequest } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { nativeAccount, ROUTE } from '../../support/fake-host.ts';
import { startGatewayHarness } from '../../support/gateway-harness.ts';
import { parsecAccount } from '../../support/signing-client.ts';
import { createTestTls } from '../../support/tls-certificate.ts';

/** As the server's documentation has it for the password "secret". */
const ED25519 = { plugin: 'ed25519', authString: 'ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY' };

describe.each([
  ['ed25519', nativeAccount('app', '', { methods: [ED25519] })],
  ['parsec', parsecAccount('app', 'secret')],
])('the npm connector with an account of %s', (_method, account) => {
  it('is asked by the gateway, wakes, is asked by the server, and is in; a wrong password wakes nothing', async () => {
    await using harness = await startGatewayHarness({}, [account]);
    harness.backend.question = writeAuthSwitchRequest({ plugin: 'client_ed25519', data: Buffer.alloc(32, 's') });
    const settings = { host: '127.0.0.1', port: harness.port, user: 'app', password: 'secret' };
    await expect(mariadb.createConnection({ ...settings, password: 'wrong' })).rejects.toMatchObject({ errno: 1045 });
    expect(harness.host.wakes).toBe(0);
    const connection = await mariadb.createConnection(settings);
    await connection.ping();
    expect(harness.host.wakes).toBe(1);
    await connection.end();
  });

  it('trusts the gateway’s certificate over TLS with nothing configured', async () => {
    await using harness = await startGatewayHarness({ tls: createTestTls() }, [account]);
    const settings = { host: '127.0.0.1', port: harness.port, user: 'app', password: 'secret', ssl: true };
    harness.host.findRoute = () => ({ ...ROUTE, serverVersion: '11.8.9-MariaDB' });
    harness.backend.refusal = okPacket();
    const connection = await mariadb.createConnection(settings);
    await connection.ping();
    expect(harness.host.wakes).toBe(1);
    await connection.end();
  });
});
