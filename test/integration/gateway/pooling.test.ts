import { createConnection as connectMariaDb, type Connection as MariaDbConnection } from 'mariadb';
import { connect as connectSocket } from 'node:net';
import mysql2, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { until } from '../../support/gateway-harness.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';

const SIZE = 5;
const CLIENTS = 100;
const SETTINGS = { size: SIZE, waitMs: 30_000, idleMs: 600_000 };

let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer();
  await over.server.run(
    `CREATE USER app@'%' IDENTIFIED BY 'secret'`,
    `CREATE USER bob@'%' IDENTIFIED BY 'secret'`,
    `GRANT ALL ON *.* TO app@'%'`,
    `GRANT ALL ON *.* TO bob@'%'`,
    'CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, client INT, n INT)',
    'CREATE TABLE shop.counters (client INT PRIMARY KEY, n INT NOT NULL)',
  );
  await over.host.refreshAccounts('c1');
});

afterAll(() => over[Symbol.asyncDispose]());

beforeEach(async () => {
  over.host.connectionPool = SETTINGS;
  await until(() => over.gateway.sessionCount('c1') === 0);
});

const settings = (user = 'app') => ({
  host: '127.0.0.1',
  port: over.port,
  user,
  password: 'secret',
  database: 'shop',
});
const connect = (user?: string): Promise<Connection> => mysql2.createConnection(settings(user));

async function rowOf(connection: Connection, sql: string): Promise<Record<string, unknown>> {
  const [rows] = await connection.query(sql);
  return (rows as Record<string, unknown>[])[0]!;
}

async function serverConnections(): Promise<number> {
  const root = await over.server.asRoot();
  const [row] = await root.queryRows(
    "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER IN ('app', 'bob')",
  );
  await root.close();
  return Number(row?.['n']);
}

describe('two hundred clients on five connections', () => {
  it('each find their own session, whatever the others do', async () => {
    const most = { connections: 0 };
    const watch = setInterval(() => {
      const state = over.gateway.connectionPool('c1');
      most.connections = Math.max(most.connections, (state?.inUse ?? 0) + (state?.idle ?? 0));
    }, 5);
    const found = await Promise.all([
      ...Array.from({ length: CLIENTS }, (_, index) => liveWithMysql2(index)),
      ...Array.from({ length: CLIENTS }, (_, index) => liveWithMariaDb(CLIENTS + index)),
    ]);
    clearInterval(watch);
    expect(found.flat()).toEqual([]);
    expect(most.connections).toBe(SIZE);
    expect(await serverConnections()).toBeLessThanOrEqual(SIZE);
    const root = await over.server.asRoot();
    const counters = await root.queryRows('SELECT COUNT(*) AS clients, SUM(n) AS total FROM shop.counters');
    await root.close();
    expect(counters.map(({ clients, total }) => [Number(clients), Number(total)])).toEqual([
      [2 * CLIENTS, 2 * CLIENTS * ROUNDS],
    ]);
    expect(over.gateway.connectionPool('c1')).toMatchObject({ waiting: 0, pinned: 0, inUse: 0, refusals: 0 });
  }, 120_000);
});

const ROUNDS = 4;

/** @returns what was not as on a connection of its own */
async function liveWithMysql2(me: number): Promise<string[]> {
  const wrong: string[] = [];
  const connection = await connect(me % 3 === 0 ? 'bob' : 'app');
  const check = (what: string, is: unknown, expected: unknown): void => {
    if (is !== expected) wrong.push(`${me}: ${what} is ${String(is)}, not ${String(expected)}`);
  };
  await connection.query(`SET @me = ${me}`);
  await connection.query('INSERT INTO counters VALUES (?, 0)', [me]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [inserted] = (await connection.query('INSERT INTO t (client, n) VALUES (?, ?)', [me, round])) as unknown as [
      { insertId: number },
    ];
    const state = await rowOf(connection, 'SELECT @me AS me, DATABASE() AS db, LAST_INSERT_ID() AS id');
    check('@me', state['me'], me);
    check('database', state['db'], 'shop');
    check('last insert id', Number(state['id']), inserted.insertId);
    const prepared = await connection.execute('SELECT ? + @me AS sum', [1000]);
    check('prepared', (prepared[0] as unknown as { sum: number }[])[0]?.sum, 1000 + me);
    await connection.beginTransaction();
    await connection.query('UPDATE counters SET n = n + 1 WHERE client = ?', [me]);
    const seen = await rowOf(connection, `SELECT n FROM counters WHERE client = ${me}`);
    check('own write', seen['n'], round + 1);
    if (round % 2 === 1) {
      await connection.rollback();
      await connection.query('UPDATE counters SET n = n + 1 WHERE client = ?', [me]);
    } else {
      await connection.commit();
    }
    const own = await rowOf(connection, 'SELECT CONNECTION_ID() AS id');
    check('connection id', Number(own['id']), connection.threadId);
  }
  if (me % 25 === 0) await holdSomething(connection, me, check);
  await connection.end();
  return wrong;
}

/** What no other connection can be given: the session keeps its own. */
async function holdSomething(
  connection: Connection,
  me: number,
  check: (what: string, is: unknown, expected: unknown) => void,
): Promise<void> {
  await connection.query('CREATE TEMPORARY TABLE mine (x INT)');
  await connection.query('INSERT INTO mine VALUES (?)', [me]);
  const lock = await rowOf(connection, `SELECT GET_LOCK('lock-${me}', 0) AS got`);
  check('lock', Number(lock['got']), 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  check('temporary table', (await rowOf(connection, 'SELECT x FROM mine'))['x'], me);
  check('own lock', Number((await rowOf(connection, `SELECT RELEASE_LOCK('lock-${me}') AS was`))['was']), 1);
}

async function liveWithMariaDb(me: number): Promise<string[]> {
  const wrong: string[] = [];
  const connection: MariaDbConnection = await connectMariaDb({ ...settings(), connectTimeout: 60_000 });
  const check = (what: string, is: unknown, expected: unknown): void => {
    if (is !== expected) wrong.push(`${me}: ${what} is ${String(is)}, not ${String(expected)}`);
  };
  await connection.query("SET @me = ?, time_zone = '+02:00'", [me]);
  await connection.query('INSERT INTO counters VALUES (?, 0)', [me]);
  const statement = await connection.prepare('UPDATE counters SET n = n + ? WHERE client = ?');
  for (let round = 0; round < ROUNDS; round += 1) {
    await statement.execute([1, me]);
    const [state] = await connection.query<{ me: bigint; tz: string }[]>('SELECT @me AS me, @@time_zone AS tz');
    check('@me', Number(state?.me), me);
    check('time zone', state?.tz, '+02:00');
  }
  statement.close();
  await connection.end();
  return wrong;
}

describe('a session of a pool', () => {
  it('keeps its connection while nobody else wants it', async () => {
    const connection = await connect();
    const before = over.gateway.connectionPool('c1')!.switches;
    await connection.query('SET @a = 1');
    await connection.query('SELECT @a');
    expect(over.gateway.connectionPool('c1')).toMatchObject({ switches: before });
    await connection.end();
  });

  it('is told in time that there is no connection, and by whom they are kept', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1, waitMs: 100 };
    const first = await connect();
    await first.query('CREATE TEMPORARY TABLE kept (a INT)');
    const failure = await connect().catch((error: unknown) => error);
    expect(failure).toMatchObject({ errno: 1040, sqlState: '08004' });
    expect((failure as Error).message).toMatch(
      /all 1 connections of compute "shop" were in use.*1 of them by sessions/,
    );
    await first.end();
    const second = await connect();
    await second.end();
  });

  it('ends with an error when its connection is not to be had for its next command', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1, waitMs: 100 };
    const [first, second] = [await connect(), await connect()];
    await second.beginTransaction();
    await second.query('SELECT COUNT(*) FROM t');
    await expect(first.query('SELECT 1')).rejects.toMatchObject({ errno: 1040 });
    await second.rollback();
    await second.end();
  });

  it('rolls back and lets its locks go when its client vanishes', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 2 };
    const first = await connect();
    await first.query("SELECT GET_LOCK('vanishing', 0)");
    await first.beginTransaction();
    await first.query('DELETE FROM t WHERE client = 1');
    first.destroy();
    const second = await connect();
    expect(await rowOf(second, "SELECT GET_LOCK('vanishing', 5) AS got")).toEqual({ got: 1 });
    await second.end();
  });

  it('lets a lock go when it ends, and the connection goes on', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1 };
    const first = await connect();
    await first.query("SELECT GET_LOCK('ending', 0)");
    await first.end();
    const second = await connect();
    expect(await rowOf(second, "SELECT IS_FREE_LOCK('ending') AS free")).toEqual({ free: 1 });
    await second.end();
  });

  it('does not notice that another one of the same user came and went', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1 };
    const first = await connect();
    const [rows] = await first.execute('SELECT ? AS x', [7]);
    expect(rows).toEqual([{ x: 7 }]);
    await first.query('INSERT INTO t (client, n) VALUES (1, 1), (1, 2)');
    const second = await mysql2.createConnection({ ...settings(), database: 'mysql' });
    expect(await rowOf(second, 'SELECT DATABASE() AS db, LAST_INSERT_ID() AS id')).toEqual({ db: 'mysql', id: 0 });
    expect(await rowOf(first, 'SELECT ROW_COUNT() AS n')).toEqual({ n: 2 });
    await second.query('SELECT 1');
    expect((await first.execute('SELECT ? AS x', [8]))[0]).toEqual([{ x: 8 }]);
    await Promise.all([first.end(), second.end()]);
  });

  it('logs in at the server each time, so that a user who is gone is turned away', async () => {
    await over.server.run(`CREATE USER gone@'%' IDENTIFIED BY 'secret'`);
    await over.host.refreshAccounts('c1');
    const { database: _none, ...login } = settings('gone');
    const first = await mysql2.createConnection(login);
    await first.end();
    await over.server.run('DROP USER gone');
    await expect(mysql2.createConnection(login)).rejects.toThrow("Access denied for user 'gone'");
  });

  it('has no database after one that had', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1 };
    const first = await connect();
    const { database: _none, ...login } = settings();
    const second = await mysql2.createConnection(login);
    expect(await rowOf(second, 'SELECT DATABASE() AS db')).toEqual({ db: null });
    expect(await rowOf(first, 'SELECT DATABASE() AS db')).toEqual({ db: 'shop' });
    expect(await rowOf(second, 'SELECT DATABASE() AS db')).toEqual({ db: null });
    await Promise.all([first.end(), second.end()]);
  });

  it('ends when the server kills its connection, and no other does', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 2 };
    const [victim, other] = [await connect(), await connect()];
    const gone = new Promise((resolve) => victim.on('error', resolve));
    await other.query(`KILL ${String(victim.threadId)}`);
    await gone;
    expect(await rowOf(other, 'SELECT 1 AS x')).toEqual({ x: 1 });
    await until(() => over.gateway.sessionCount('c1') === 1);
    const third = await connect();
    expect(await rowOf(third, 'SELECT 2 AS x')).toEqual({ x: 2 });
    await Promise.all([third.end(), other.end()]);
  });

  it('can be killed by its id while it has no connection', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1 };
    const victim = await connect();
    const gone = new Promise<{ message: string }>((resolve) => victim.on('error', resolve));
    const killer = await connect();
    await killer.query(`KILL ${String(victim.threadId)}`);
    expect(await gone).toMatchObject({ message: 'Connection was killed' });
    await killer.end();
  });

  it('goes on after its connection was closed because nobody used it', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 3, idleMs: 200 };
    const connection = await connect();
    await connection.query('SET @kept = 5');
    await over.server.run('SELECT 1');
    await until(() => over.gateway.connectionPool('c1')!.idle === 0);
    expect(await rowOf(connection, 'SELECT @kept AS kept')).toEqual({ kept: 5 });
    await connection.end();
  });
});

describe('a pool of a server that sees whom it serves', () => {
  it('shares connections only among clients of one address', async () => {
    over.host.connectionPool = { ...SETTINGS, size: 1 };
    const from = (localAddress: string): Promise<Connection> =>
      mysql2.createConnection({
        ...settings(),
        stream: () => connectSocket({ host: '127.0.0.1', port: over.port, localAddress }),
      });
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.1', '127.0.0.2'];
    const connections = [];
    for (const address of addresses) connections.push(await from(address));
    for (let round = 0; round < 3; round += 1) {
      const told = await Promise.all(connections.map((connection) => rowOf(connection, 'SELECT USER() AS user')));
      expect(told).toEqual(addresses.map((address) => ({ user: `app@${address}` })));
    }
    for (const connection of connections) await connection.end();
  });
});

describe('a pool over a sleep', () => {
  it.each(['frozen', 'parked'] as const)('has its sessions after it as before: %s', async (depth) => {
    over.host.connectionPool = { ...SETTINGS, size: 2 };
    const connections = await Promise.all(Array.from({ length: 6 }, () => connect()));
    await Promise.all(connections.map((connection, index) => connection.query(`SET @n = ${index}`)));
    await Promise.all(connections.map((connection) => connection.execute('SELECT @n + ? AS n', [1])));
    if (depth === 'frozen') await over.freeze();
    else expect(await over.park()).toEqual([]);
    const told = await Promise.all(connections.map((connection) => connection.execute('SELECT @n + ? AS n', [1])));
    expect(told.map(([rows]) => (rows as unknown as { n: number }[])[0]?.n)).toEqual([1, 2, 3, 4, 5, 6]);
    await Promise.all(connections.map((connection) => connection.end()));
  });
});

describe('routines that change their session', () => {
  it.each(['seen', 'hidden'] as const)('are followed or pin: %s', async (effects) => {
    await over.server.run('CREATE OR REPLACE FUNCTION shop.leave_it() RETURNS INT BEGIN SET @left = 5; RETURN 1; END');
    over.host.routineEffects = effects;
    over.host.connectionPool = { ...SETTINGS, size: 1, waitMs: 100 };
    const root = await connect();
    // What was known of routines is not known any more.
    await root.query("SELECT 'CREATE FUNCTION' + 0 AS x");
    await root.query('SET @x = 1 -- FUNCTION');
    await root.end();
    const first = await connect();
    await first.query('SELECT leave_it()');
    const second = await connect().catch((error: unknown) => error);
    if (effects === 'hidden') expect(second).toMatchObject({ errno: 1040 });
    else await (second as Connection).query('SELECT 1');
    expect(await rowOf(first, 'SELECT @left AS left_')).toEqual({ left_: 5 });
    await first.end();
    if (effects === 'seen') await (second as Connection).end();
    over.host.routineEffects = 'none';
  });
});
