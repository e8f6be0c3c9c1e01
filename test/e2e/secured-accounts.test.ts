import * as mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

describe.each(['process', 'docker'])('an account that requires TLS, on %s', (driver) => {
  const home = createTestHome();
  let url: URL;

  beforeAll(async () => {
    const flags = ['--driver', driver, '--suspend-after', 'never'];
    url = new URL((await home.json<{ url: string }>('compute', 'start', 'shop', ...flags)).url);
    const owner = await mysql2.createConnection(url.href);
    await owner.query("CREATE USER secured@'%' IDENTIFIED BY 'secret' REQUIRE SSL");
    await owner.end();
  });
  afterAll(() => home[Symbol.asyncDispose]());

  const logIn = (more: object = {}): Promise<mysql2.Connection> =>
    mysql2.createConnection({
      host: url.hostname,
      port: Number(url.port),
      user: 'secured',
      password: 'secret',
      ssl: { rejectUnauthorized: false },
      ...more,
    });
  const cipher = async (connection: mysql2.Connection): Promise<string> => {
    const [rows] = await connection.query<mysql2.RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    return String(rows[0]?.['Value']);
  };

  it('is told what to type while its server speaks no TLS yet', async () => {
    await expect(logIn()).rejects.toThrow(/requires TLS.* `doze compute suspend shop --depth removed`/);
  });

  it('is let in from the next start of its server on, whatever it slept as, and keeps its session', async () => {
    await home.json('compute', 'suspend', 'shop', '--depth', 'parked');
    const connection = await logIn();
    await connection.query("SET @kept = 'over TLS'");
    for (const depth of ['frozen', 'parked', 'stopped', 'removed']) {
      await home.json('compute', 'suspend', 'shop', '--depth', depth);
      expect(await cipher(connection)).toMatch(/^TLS_/);
    }
    expect((await connection.query('SELECT @kept AS kept'))[0]).toEqual([{ kept: 'over TLS' }]);
    await connection.end();
  });

  it('is refused in plain, as by a server', async () => {
    await expect(logIn({ ssl: undefined })).rejects.toMatchObject({ errno: 1045, sqlState: '28000' });
  });

  it('has a server without TLS again once nobody requires it', async () => {
    const connection = await logIn();
    const owner = await mysql2.createConnection(url.href);
    await owner.query("ALTER USER secured@'%' REQUIRE NONE");
    await owner.end();
    await connection.end();
    await home.json('compute', 'suspend', 'shop', '--depth', 'parked');
    const plain = await logIn({ ssl: undefined });
    const [rows] = await plain.query<mysql2.RowDataPacket[]>('SELECT @@have_ssl AS has');
    expect(rows[0]?.['has']).toBe('DISABLED');
    await plain.end();
  });
});
