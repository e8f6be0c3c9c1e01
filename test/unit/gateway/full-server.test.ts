import { describe, expect, it } from 'vitest';

import { nativeAccount } from '../../support/fake-host.ts';
import {
  CLIENT_CAPABILITIES,
  startGatewayHarness,
  until,
  USERS,
  type GatewayHarness,
} from '../../support/gateway-harness.ts';
import { sendLogin } from '../../support/raw-client.ts';

const ADDRESS = { host: '127.0.0.1', capabilities: CLIENT_CAPABILITIES };

type Client = Awaited<ReturnType<GatewayHarness['login']>>;

async function leave(clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
}

describe('a server that has no connection to give', () => {
  it('keeps a crowd in line, and each gets in as others leave', async () => {
    await using harness = await startGatewayHarness();
    harness.backend.maxConnections = 5;
    const visits = Array.from({ length: 200 }, async () => {
      const client = await harness.login();
      await client[Symbol.asyncDispose]();
      return client.ok[0];
    });
    expect(new Set(await Promise.all(visits))).toEqual(new Set([0]));
    expect(harness.host.wakes).toBe(1);
  });

  it('is taken at its word after a while, and at once by those behind', async () => {
    await using harness = await startGatewayHarness({ placeWaitMs: 100 });
    harness.backend.maxConnections = 2;
    const inside = [await harness.login(), await harness.login()];
    const refused = await Promise.allSettled(Array.from({ length: 40 }, () => harness.login()));
    expect(refused.map((outcome) => String(outcome.status === 'rejected' && outcome.reason))).toEqual(
      Array.from({ length: 40 }, () => expect.stringContaining('1040 Too many connections')),
    );
    expect(harness.gateway.blockers('c1', 'frozen')).toEqual([]);
    expect(harness.gateway.sessionCount('c1')).toBe(2);
    await leave(inside);
    await until(() => harness.backend.connections.size === 0);
    await leave([await harness.login()]);
  });

  it('is left by clients that give up, and their turns go to the next', async () => {
    await using harness = await startGatewayHarness();
    harness.backend.maxConnections = 1;
    const inside = await harness.login();
    const impatient = await Promise.all(Array.from({ length: 20 }, () => harness.connect()));
    for (const client of impatient) {
      sendLogin(client, { ...ADDRESS, port: harness.port, user: 'app', password: USERS.app });
    }
    await until(() => harness.gateway.blockers('c1', 'parked').length === 20);
    const next = harness.login();
    await Promise.all(impatient.map((client) => client[Symbol.asyncDispose]()));
    await leave([inside]);
    await leave([await next]);
    await until(() => harness.gateway.blockers('c1', 'parked').length === 0);
  });

  it('says so itself to an account whose exchange it had', async () => {
    const account = nativeAccount('app', '', { methods: [{ plugin: 'ed25519', authString: 'abc' }] });
    await using harness = await startGatewayHarness({}, [account, nativeAccount('empty', '')]);
    harness.backend.maxConnections = 1;
    const inside = await harness.login('empty', '');
    await expect(harness.login('app', 'secret')).rejects.toThrow('1040 Too many connections');
    await leave([inside]);
  });
});
