import { connect as connectSocket } from 'node:net';

import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';

let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer();
  await over.server.run(
    "CREATE USER near@'127.0.0.5' IDENTIFIED BY 'secret'",
    "CREATE USER near@'127.0.1.%' IDENTIFIED BY 'other'",
    "CREATE USER anywhere@'%' IDENTIFIED BY 'secret'",
  );
  await over.host.refreshAccounts('c1');
});

afterAll(() => over[Symbol.asyncDispose]());

/** The whole of 127.0.0.0/8 is this machine. */
function connectFrom(localAddress: string, user: string, password = 'secret') {
  const stream = () => connectSocket({ host: '127.0.0.1', port: over.port, localAddress });
  return mysql2.createConnection({ user, password, stream });
}

async function viewOf(connection: mysql2.Connection): Promise<unknown> {
  const [rows] = await connection.query('SELECT USER() AS user, CURRENT_USER() AS account');
  return (rows as unknown[])[0];
}

describe('the address of a client', () => {
  it('is what the server sees, in its process list too', async () => {
    const connection = await connectFrom('127.0.0.9', 'anywhere');
    expect(await viewOf(connection)).toEqual({ user: 'anywhere@127.0.0.9', account: 'anywhere@%' });
    const [rows] = await connection.query('SHOW PROCESSLIST');
    expect((rows as { Host: string }[]).map(({ Host: host }) => host)).toEqual([
      expect.stringMatching(/^127\.0\.0\.9:\d+$/),
    ]);
    await connection.end();
  });

  it('decides which account it is', async () => {
    const connection = await connectFrom('127.0.0.5', 'near');
    expect(await viewOf(connection)).toEqual({ user: 'near@127.0.0.5', account: 'near@127.0.0.5' });
    await connection.end();
    const another = await connectFrom('127.0.1.1', 'near', 'other');
    expect(await viewOf(another)).toEqual({ user: 'near@127.0.1.1', account: 'near@127.0.1.%' });
    await another.end();
    await expect(connectFrom('127.0.1.1', 'near', 'secret')).rejects.toMatchObject({ errno: 1045 });
  });

  it('is the same after its compute slept', async () => {
    const connection = await connectFrom('127.0.0.5', 'near');
    const before = await viewOf(connection);
    expect(await over.park()).toEqual([]);
    expect(await viewOf(connection)).toEqual(before);
    await connection.end();
  });

  it('may be one of IPv6, and its session is carried over all the same', async () => {
    await using gateway = await startGatewayOverServer({}, { listenHost: '::1' });
    await gateway.server.run("CREATE USER six@'::1' IDENTIFIED BY 'secret'");
    await gateway.host.refreshAccounts('c1');
    const connection = await mysql2.createConnection({
      host: '::1',
      port: gateway.port,
      user: 'six',
      password: 'secret',
    });
    await connection.query('SET @kept = 6');
    expect(await gateway.park()).toEqual([]);
    const [rows] = await connection.query('SELECT USER() AS user, @kept AS kept');
    expect(rows).toEqual([{ user: 'six@::1', kept: 6 }]);
    await connection.end();
  });

  it('keeps out, without a wake, who has no account there', async () => {
    expect(await over.park()).toEqual([]);
    const { wakes } = over.host;
    await expect(connectFrom('127.0.0.6', 'near')).rejects.toMatchObject({
      errno: 1045,
      message: expect.stringContaining("'near'@'127.0.0.6'") as string,
    });
    expect(over.host.wakes).toBe(wakes);
  });
});
