import * as mariadb from 'mariadb';
import * as mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { deriveServerIdentity } from '../../../src/lib/x509/index.ts';
import { ensureDebian13, type Debian13 } from '../../support/environment/debian-13.ts';
import { ensureServerPlugin } from '../../support/environment/server-plugins.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { createTestTls } from '../../support/tls-certificate.ts';

const tls = createTestTls();
const identity = deriveServerIdentity('secret of the agent', 'c1');
let debian13: Debian13;

beforeAll(async () => {
  debian13 = await ensureDebian13();
});

const SERVERS = [
  ['10.11', () => ({ serverArguments: [`--plugin-dir=${ensureServerPlugin('auth_ed25519')}`] }), 'ed25519'],
  ['11.8', () => ({ program: debian13.server }), 'parsec'],
] as const;

describe.each(SERVERS)('accounts of a server of %s that require TLS', (_line, server, method) => {
  let over: GatewayOverServer;

  beforeAll(async () => {
    over = await startGatewayOverServer({ ...server(), identity }, { tls });
    await over.server.run(
      `INSTALL SONAME 'auth_${method}'`,
      "CREATE USER secured@'%' IDENTIFIED BY 'plain' REQUIRE SSL",
      "GRANT ALL ON *.* TO secured@'%'",
      "CREATE USER free@'%' IDENTIFIED BY 'plain'",
      "CREATE USER signed@'%' IDENTIFIED VIA " + method + " USING PASSWORD('curve') REQUIRE SSL",
      "CREATE USER certified@'%' IDENTIFIED BY 'plain' REQUIRE X509",
      "CREATE USER issued@'%' IDENTIFIED BY 'plain' REQUIRE ISSUER '/CN=us'",
      'CREATE TABLE shop.t (a INT PRIMARY KEY, b VARCHAR(40))',
      "INSERT INTO shop.t VALUES (1, 'one'), (2, 'two')",
    );
    await over.host.refreshAccounts('c1');
  });
  afterAll(() => over[Symbol.asyncDispose]());

  const sleepIf = async (isAsleep: boolean): Promise<void> => {
    if (over.host.isActive && isAsleep) await over.freeze();
    if (!isAsleep) await over.host.wake('c1', AbortSignal.timeout(10_000));
  };
  const ssl = { ca: tls.certificate };
  const settings = (user: string, password: string, more: object = {}) => ({
    host: '127.0.0.1',
    port: over.port,
    user,
    password,
    connectTimeout: 10_000,
    ...more,
  });
  const secured = () => mysql2.createConnection(settings('secured', 'plain', { ssl, database: 'shop' }));
  /** What the server itself says that it speaks with its client. */
  const cipherOf = async (connection: mysql2.Connection): Promise<string> => {
    const [rows] = await connection.query<mysql2.RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    return String(rows[0]?.['Value']);
  };

  it.each([true, false])('are let in over TLS, which goes on up to the server, asleep: %s', async (isAsleep) => {
    await sleepIf(isAsleep);
    const connection = await secured();
    expect(await cipherOf(connection)).toMatch(/^TLS_/);
    expect((await connection.execute('SELECT b FROM t WHERE a = ?', [1]))[0]).toEqual([{ b: 'one' }]);
    const [rows] = await connection.query<mysql2.RowDataPacket[]>("SELECT SUBSTRING_INDEX(USER(), '@', -1) AS host");
    expect(rows[0]?.['host']).toBe('127.0.0.1');
    const long = 'x'.repeat(3_000_000);
    expect((await connection.query('SELECT ? AS long_one', [long]))[0]).toEqual([{ long_one: long }]);
    await connection.end();
  });

  it.each([true, false])('and are signed for, are let in likewise, asleep: %s', async (isAsleep) => {
    await sleepIf(isAsleep);
    const connection = await mariadb.createConnection(settings('signed', 'curve', { ssl }));
    const [row] = await connection.query<{ Value: string }[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    expect(row?.Value).toMatch(/^TLS_/);
    await connection.end();
  });

  it('are refused in plain as by the server, and wake nothing', async () => {
    await sleepIf(false);
    const direct = mariadb.createConnection(settings('secured', 'plain', { port: over.server.port }));
    await expect(direct).rejects.toMatchObject({ errno: 1045, sqlState: '28000' });
    await sleepIf(true);
    const { wakes } = over.host;
    const plain = mariadb.createConnection(settings('secured', 'plain'));
    await expect(plain).rejects.toMatchObject({ errno: 1045, sqlState: '28000' });
    await expect(mariadb.createConnection(settings('secured', 'plain'))).rejects.toThrow(/switch it on in the client/);
    expect(over.host.wakes).toBe(wakes);
  });

  it.each(['certified', 'issued'])('by a certificate are told that it cannot go through: %s', async (user) => {
    await sleepIf(true);
    const { wakes } = over.host;
    await expect(mariadb.createConnection(settings(user, 'plain', { ssl }))).rejects.toThrow(
      /certificate of the client, which cannot go through doze/,
    );
    expect(over.host.wakes).toBe(wakes);
  });

  it('have sessions that outlive their server', async () => {
    await sleepIf(false);
    const connection = await secured();
    await connection.query("SET @kept = 'over TLS', sort_buffer_size = 300000");
    const statement = await connection.prepare('SELECT b, @kept AS k, @@sort_buffer_size AS s FROM t WHERE a = ?');
    await statement.execute([1]);
    expect(await over.park()).toEqual([]);
    expect((await statement.execute([2]))[0]).toEqual([{ b: 'two', k: 'over TLS', s: 300_000 }]);
    expect(await cipherOf(connection)).toMatch(/^TLS_/);
    expect(await over.park()).toEqual([]);
    expect(await cipherOf(connection)).toMatch(/^TLS_/);
    await connection.end();
  });

  it('share connections with each other, and with no account that does not', async () => {
    await sleepIf(false);
    over.host.connectionPool = { size: 2, idleMs: 60_000, waitMs: 10_000 };
    const plain = await mysql2.createConnection(settings('free', 'plain', { ssl }));
    const all = await Promise.all([secured(), secured(), secured()]);
    for (const round of [1, 2]) {
      for (const [index, connection] of all.entries()) {
        await connection.query('SET @own = ?', [index * round]);
        expect(await cipherOf(connection)).toMatch(/^TLS_/);
      }
      expect(await cipherOf(plain)).toBe('');
    }
    const kept = await Promise.all(all.map(async (connection) => (await connection.query('SELECT @own AS own'))[0]));
    expect(kept).toEqual([[{ own: 0 }], [{ own: 2 }], [{ own: 4 }]]);
    await Promise.all([...all, plain].map((connection) => connection.end()));
    over.host.connectionPool = null;
  });

  it('are let in early by a server that sleeps, and restored over TLS', async () => {
    await sleepIf(false);
    await (await secured()).end();
    await over.freeze();
    const { wakes } = over.host;
    const connection = await secured();
    expect(over.host.wakes).toBe(wakes);
    expect(await cipherOf(connection)).toMatch(/^TLS_/);
    expect(over.host.wakes).toBe(wakes + 1);
    await connection.end();
  });

  it('are not let in where another server answers in place of theirs', async () => {
    await sleepIf(false);
    over.host.certificate = deriveServerIdentity('of somebody else', 'c1').certificate;
    await expect(secured()).rejects.toThrow(/in place of the server of compute "shop"/);
    over.host.certificate = identity.certificate;
    await (await secured()).end();
  });
});

describe('a server that began without TLS', () => {
  it('is said to speak it from its next start on', async () => {
    await using over = await startGatewayOverServer({}, { tls });
    await over.server.run("CREATE USER secured@'%' IDENTIFIED BY 'plain' REQUIRE SSL");
    const login = { host: '127.0.0.1', port: over.port, user: 'secured', password: 'plain' };
    await expect(mariadb.createConnection({ ...login, ssl: { ca: tls.certificate } })).rejects.toThrow(
      /began without; it speaks TLS from its next start on: `doze compute suspend shop --depth removed`/,
    );
  });
});
