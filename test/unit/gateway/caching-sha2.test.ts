import * as mariadb from 'mariadb';
import * as mysql2 from 'mysql2/promise';
import { describe, expect, it } from 'vitest';

import { deriveServerIdentity } from '../../../src/lib/x509/index.ts';
import { createSha2Exchange } from '../../support/caching-sha2.ts';
import { nativeAccount } from '../../support/fake-host.ts';
import { startGatewayHarness, type GatewayHarness } from '../../support/gateway-harness.ts';
import { createTestTls } from '../../support/tls-certificate.ts';

const identity = deriveServerIdentity('secret of the agent', 'c1');
const tls = createTestTls();
const METHODS = [{ plugin: 'caching_sha2_password', authString: '$A$005$salt' }];

async function start(): Promise<GatewayHarness & { readonly cache: Set<string> }> {
  const harness = await startGatewayHarness({ tls }, [nativeAccount('app', '', { methods: METHODS })]);
  const cache = new Set<string>();
  harness.backend.identity = identity;
  harness.host.certificate = identity.certificate;
  harness.backend.exchange = (isSecure) => createSha2Exchange('secret', isSecure, cache);
  return Object.assign(harness, { cache });
}

interface Settings {
  readonly ssl?: { readonly ca: string };
}
const CLIENTS = [
  [
    'mysql2',
    async (port: number, password: string, settings: Settings) => {
      const connection = await mysql2.createConnection({ host: '127.0.0.1', port, user: 'app', password, ...settings });
      await connection.ping();
      connection.destroy();
    },
  ],
  [
    'the npm connector',
    async (port: number, password: string, settings: Settings) => {
      const options = { host: '127.0.0.1', port, user: 'app', password, ...settings };
      const connection = await mariadb.createConnection({
        ...options,
        connectTimeout: 10_000,
        allowPublicKeyRetrieval: true,
        // Asks for nothing at its start.
        initSql: [],
      });
      connection.destroy();
    },
  ],
] as const;
const WAYS = [
  ['over TLS, by its password in clear', { ssl: { ca: tls.certificate } }, 1],
  ['in plain, by its password under the server’s key', {}, 0],
] as const;

describe.each(CLIENTS)('an account of caching_sha2_password, with %s', (_name, logIn) => {
  it.each(WAYS)('is let in by its server %s, and the next time by its hash', async (_way, settings, secured) => {
    await using harness = await start();
    await logIn(harness.port, 'secret', settings);
    expect(harness.host.wakes).toBe(1);
    expect([...harness.cache]).toEqual(['secret']);
    await logIn(harness.port, 'secret', settings);
    expect(harness.backend.secured).toBe(2 * secured);
  });

  it.each(WAYS)(
    'is refused by its server with a wrong one %s, before and after it is known',
    async (_way, settings) => {
      await using harness = await start();
      for (const known of [false, true]) {
        if (known) harness.cache.add('secret');
        await expect(logIn(harness.port, 'wrong', settings)).rejects.toMatchObject({ errno: 1045 });
      }
      expect(harness.gateway.sessionCount('c1')).toBe(0);
    },
  );
});
