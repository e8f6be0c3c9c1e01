import * as mariadb from 'mariadb';
import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { until } from '../../support/gateway-harness.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';

let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer();
  await over.server.run(
    `CREATE USER app@'%' IDENTIFIED BY 'secret'`,
    'CREATE DATABASE other',
    `GRANT ALL ON *.* TO app@'%'`,
    'CREATE ROLE reader',
    `GRANT reader TO app@'%'`,
    'CREATE TABLE shop.t (a INT PRIMARY KEY, b VARCHAR(40))',
    `INSERT INTO shop.t VALUES (1, 'one'), (2, 'two'), (3, 'three')`,
    'CREATE TABLE other.t (a INT PRIMARY KEY, b VARCHAR(40))',
  );
});

afterAll(() => over[Symbol.asyncDispose]());

const settings = () => ({ host: '127.0.0.1', port: over.port, user: 'app', password: 'secret', database: 'shop' });

async function connect() {
  // What was granted a moment ago is known as soon as the accounts are read.
  await over.host.refreshAccounts('c1');
  return mysql2.createConnection(settings());
}

async function why(): Promise<string[]> {
  return (await over.park()).map((blocker) => blocker.why ?? blocker.kind);
}

describe('a session whose server is stopped', () => {
  it('goes on where it was when the server is back', async () => {
    const connection = await connect();
    await connection.query('USE other');
    await connection.query("SET @n = 42, @s = 'grün', sql_mode = 'ANSI_QUOTES', SESSION wait_timeout = 1234");
    await connection.query('SET ROLE reader');
    await connection.query('INSERT INTO t VALUES (1, "b") ON DUPLICATE KEY UPDATE a = a').catch(() => null);
    const ask = async () =>
      (
        await connection.query(
          `SELECT DATABASE() AS db, @n AS n, @s AS s, @@sql_mode AS mode, @@wait_timeout AS w, CURRENT_ROLE() AS r`,
        )
      )[0];
    const before = await ask();
    expect(await why()).toEqual([]);
    expect(over.gateway.sessionCount('c1')).toBe(1);
    const { wakes } = over.host;
    expect(await ask()).toEqual(before);
    expect(over.host.wakes).toBe(wakes + 1);
    await connection.end();
  });

  it('is answered to a ping, and may leave, without a wake', async () => {
    const connection = await connect();
    await connection.query('SET @n = 1');
    expect(await why()).toEqual([]);
    const { wakes } = over.host;
    await connection.ping();
    await connection.end();
    await until(() => over.gateway.sessionCount('c1') === 0);
    expect(over.host.wakes).toBe(wakes);
  });

  it('needs nothing but a login when nothing was asked in it', async () => {
    const connection = await connect();
    expect(await why()).toEqual([]);
    expect((await connection.query('SELECT DATABASE() AS db, 1 AS x'))[0]).toEqual([{ db: 'shop', x: 1 }]);
    await connection.end();
  });

  it('executes its prepared statements, those of before and new ones', async () => {
    const connection = await connect();
    const byKey = 'SELECT b FROM t WHERE a = ?';
    const both = 'SELECT a, b, ? AS c FROM t WHERE a >= ? ORDER BY a';
    for (let round = 0; round < 3; round++) {
      expect((await connection.execute(byKey, [2]))[0]).toEqual([{ b: 'two' }]);
      expect((await connection.execute(both, ['x', 2]))[0]).toEqual([
        { a: 2, b: 'two', c: 'x' },
        { a: 3, b: 'three', c: 'x' },
      ]);
      expect((await connection.execute(`SELECT ${String(round)} AS new`))[0]).toEqual([{ new: round }]);
      expect(await why()).toEqual([]);
    }
    await connection.end();
  });

  it('executes them through the connector of MariaDB too, batches included', async () => {
    await over.host.refreshAccounts('c1');
    const connection = await mariadb.createConnection({ ...settings(), connectTimeout: 10_000 });
    const statement = await connection.prepare('SELECT b FROM t WHERE a = ?');
    await connection.query('CREATE OR REPLACE TABLE batch (a INT, b VARCHAR(40))');
    for (let round = 0; round < 3; round++) {
      expect(await statement.execute([2])).toEqual([{ b: 'two' }]);
      await connection.batch('INSERT INTO batch VALUES (?, ?)', [
        [round, 'x'],
        [round, 'y'],
      ]);
      expect(await why()).toEqual([]);
    }
    expect(await connection.query('SELECT COUNT(*) AS n FROM batch')).toEqual([{ n: 6n }]);
    statement.close();
    await connection.end();
  });

  it('is one of many, each with what is its own', async () => {
    const connections = await Promise.all(Array.from({ length: 40 }, () => connect()));
    await Promise.all(connections.map((connection, index) => connection.query('SET @mine = ?', [index])));
    expect(await why()).toEqual([]);
    const { wakes } = over.host;
    const answers = await Promise.all(connections.map((connection) => connection.query('SELECT @mine AS mine')));
    expect(answers.map(([rows]) => (rows as { mine: number }[])[0]?.mine)).toEqual(
      connections.map((_, index) => index),
    );
    expect(over.host.wakes).toBe(wakes + 1);
    await Promise.all(connections.map((connection) => connection.end()));
  });

  it('is not told an old count after a command too long to be looked at', async () => {
    const connection = await connect();
    await connection.query('CREATE OR REPLACE TABLE longs (a INT AUTO_INCREMENT PRIMARY KEY, b LONGTEXT)');
    await connection.query("INSERT INTO longs (b) VALUES ('x'), ('y'), ('z')");
    expect(await why()).toEqual([]);
    await connection.query(`INSERT INTO longs (b) VALUES ('${'x'.repeat(100_000)}')`);
    expect((await connection.query('SELECT ROW_COUNT() AS n'))[0]).toEqual([{ n: 1 }]);
    await connection.end();
  });

  it('stays away from the server while others use it, until its own next command', async () => {
    const idle = await connect();
    await idle.query('SET @mine = 1');
    expect(await why()).toEqual([]);
    const busy = await connect();
    const [rows] = await busy.query('SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = "app"');
    expect(rows).toEqual([{ n: 1 }]);
    expect((await idle.query('SELECT @mine AS mine'))[0]).toEqual([{ mine: 1 }]);
    await Promise.all([idle.end(), busy.end()]);
  });

  it('can be killed by the same user, whom the server could not tell of it', async () => {
    const [victim, killer] = [await connect(), await connect()];
    const failure = new Promise<{ message: string }>((resolve) => victim.on('error', resolve));
    expect(await why()).toEqual([]);
    await killer.query('SELECT 1');
    await killer.query(`KILL QUERY ${String(victim.threadId)}`);
    expect(over.gateway.sessionCount('c1')).toBe(2);
    await killer.query(`KILL ${String(victim.threadId)}`);
    expect(await failure).toMatchObject({ message: 'Connection was killed' });
    expect((await killer.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    await killer.end();
  });

  it('ends with an error when its user is gone meanwhile', async () => {
    await over.server.run(`CREATE USER gone@'%' IDENTIFIED BY 'secret'`);
    await over.host.refreshAccounts('c1');
    const { database: _none, ...login } = settings();
    const connection = await mysql2.createConnection({ ...login, user: 'gone' });
    expect(await why()).toEqual([]);
    const other = await connect();
    await other.query('DROP USER gone');
    await expect(connection.query('SELECT 1')).rejects.toThrow("Access denied for user 'gone'");
    await other.end();
  });
});

describe('a session that cannot do without its server', () => {
  it.each([
    ['CREATE TEMPORARY TABLE mine (a INT)', /temporary table/],
    ["SELECT GET_LOCK('mine', 0)", /lock/i],
    ['LOCK TABLES t READ', /lock/i],
    ['START TRANSACTION', /openTransaction/],
    ["PREPARE s FROM 'SELECT 1'", /PREPARE/],
    ['HANDLER t OPEN', /handler/],
  ])('after %s keeps it awake, says why, and goes on', async (statement, reason) => {
    const connection = await connect();
    await connection.query(statement);
    const reasons = await why();
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(reason);
    const { wakes } = over.host;
    await connection.query('SELECT 1');
    expect(over.host.wakes).toBe(wakes);
    await connection.end();
    await until(() => over.gateway.sessionCount('c1') === 0);
  });

  it('may be parked again once it is reset', async () => {
    const connection = await connect();
    await connection.query('CREATE TEMPORARY TABLE mine (a INT)');
    expect(await why()).toHaveLength(1);
    await connection.reset();
    expect(await why()).toEqual([]);
    expect((await connection.query('SELECT DATABASE() AS db'))[0]).toEqual([{ db: 'shop' }]);
    await connection.end();
  });
});
