import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as mariadb from 'mariadb';
import * as mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { until } from '../../support/gateway-harness.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const run = promisify(execFile);
let over: GatewayOverServer;

beforeAll(async () => {
  over = await startGatewayOverServer({
    serverArguments: ['--local-infile=1', '--max-allowed-packet=64M', '--max-connections=1200'],
  });
  await over.server.run(
    "CREATE USER app@'%' IDENTIFIED BY 'secret'",
    "GRANT ALL ON *.* TO app@'%'",
    "CREATE USER other@'%' IDENTIFIED BY 'their secret'",
    "GRANT SELECT ON shop.* TO other@'%'",
    'CREATE TABLE shop.t (a INT PRIMARY KEY, b VARCHAR(40))',
    "INSERT INTO shop.t VALUES (1, 'one'), (2, ''), (3, NULL)",
    'CREATE TABLE shop.loaded (a INT, b VARCHAR(40))',
    'CREATE PROCEDURE shop.p() BEGIN SELECT 1 AS x; SELECT a FROM shop.t ORDER BY a; END',
  );
});
afterAll(() => over[Symbol.asyncDispose]());

const settings = () => ({ host: '127.0.0.1', port: over.port, user: 'app', password: 'secret', database: 'shop' });

async function cli(sql: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('mariadb', [
    '--no-defaults',
    '--host=127.0.0.1',
    `--port=${String(over.port)}`,
    '--user=app',
    '--password=secret',
    '--batch',
    '--skip-column-names',
    ...args,
    '--execute',
    sql,
    'shop',
  ]);
  return stdout;
}

describe('the mariadb command line', () => {
  it('logs in, also to a sleeping server', async () => {
    expect(await cli('SELECT a, b FROM t ORDER BY a; SELECT CURRENT_USER()')).toBe('1\tone\n2\t\n3\tNULL\napp@%\n');
    await over.freeze();
    const wakes = over.host.wakes;
    expect(await cli('SELECT 1')).toBe('1\n');
    expect(over.host.wakes).toBe(wakes + 1);
  });

  it('logs in on the shared port', async () => {
    const args = [`--port=${String(over.gateway.sharedPort)}`, '--user=app.shop'];
    expect(await cli('SELECT CURRENT_USER()', ...args)).toBe('app@%\n');
  });

  it('is told in the server’s words that the password is wrong, and wakes nothing', async () => {
    await over.freeze();
    const wakes = over.host.wakes;
    await expect(cli('SELECT 1', '--password=wrong')).rejects.toThrow(
      "ERROR 1045 (28000): Access denied for user 'app'@'127.0.0.1' (using password: YES)",
    );
    await expect(cli('SELECT 1', '--user=nobody')).rejects.toThrow('ERROR 1045 (28000)');
    expect(over.host.wakes).toBe(wakes);
  });

  it('is told that the database is unknown', async () => {
    await expect(
      run('mariadb', [
        '--no-defaults',
        '-h127.0.0.1',
        `-P${String(over.port)}`,
        '-uapp',
        '-psecret',
        'nope',
        '-e',
        'SELECT 1',
      ]),
    ).rejects.toThrow("ERROR 1049 (42000): Unknown database 'nope'");
  });

  it('loads a local file', async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, 'rows.tsv');
    writeFileSync(
      file,
      Array.from({ length: 50_000 }, (_, index) => `${String(index)}\tKILL ${String(index)}\n`).join(''),
    );
    expect(
      await cli(
        `LOAD DATA LOCAL INFILE '${file}' INTO TABLE loaded; SELECT COUNT(*), MAX(a) FROM loaded`,
        '--local-infile=1',
      ),
    ).toBe('50000\t49999\n');
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
  });
});

describe('mysql2', () => {
  it('queries, prepares, and sees many results', async () => {
    const connection = await mysql2.createConnection({ ...settings(), multipleStatements: true });
    const [prepared] = await connection.execute('SELECT b FROM t WHERE a = ?', [1]);
    expect(prepared).toEqual([{ b: 'one' }]);
    const [many] = await connection.query('SELECT 1 AS x; SELECT 2 AS y; DO 1');
    expect(many).toMatchObject([[{ x: 1 }], [{ y: 2 }], { affectedRows: 0 }]);
    const [called] = await connection.query('CALL p()');
    expect(called).toMatchObject([[{ x: 1 }], [{ a: 1 }, { a: 2 }, { a: 3 }], {}]);
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
    await connection.end();
  });

  it('changes its user, by the server’s own exchange', async () => {
    const connection = await mysql2.createConnection(settings());
    await connection.changeUser({ user: 'other', password: 'their secret', database: '' });
    const [rows] = await connection.query('SELECT CURRENT_USER() AS u');
    expect(rows).toEqual([{ u: 'other@%' }]);
    await expect(connection.changeUser({ user: 'app', password: 'wrong' })).rejects.toMatchObject({ errno: 1045 });
    await connection.end().catch(() => undefined);
  });

  it('has a user that was made a moment ago, and keeps it over a sleep', async () => {
    const connection = await mysql2.createConnection(settings());
    await connection.query("CREATE USER fresh@'%' IDENTIFIED BY 'new'");
    const fresh = await mysql2.createConnection({ ...settings(), user: 'fresh', password: 'new', database: '' });
    await fresh.end();
    await connection.query("ALTER USER fresh@'%' IDENTIFIED BY 'newer'");
    await connection.end();
    await over.freeze();
    const wakes = over.host.wakes;
    await expect(
      mysql2.createConnection({ ...settings(), user: 'fresh', password: 'new', database: '' }),
    ).rejects.toMatchObject({ errno: 1045 });
    expect(over.host.wakes).toBe(wakes);
    const again = await mysql2.createConnection({ ...settings(), user: 'fresh', password: 'newer', database: '' });
    const [rows] = await again.query('SELECT CURRENT_USER() AS user');
    expect(rows).toEqual([{ user: 'fresh@%' }]);
    await again.end();
    expect(over.host.wakes).toBe(wakes + 1);
  });

  it('kills a query of another connection by the id that it was given', async () => {
    const busy = await mysql2.createConnection(settings());
    const killer = await mysql2.createConnection(settings());
    const outcome = busy.query('SELECT SLEEP(60)').then(
      ([rows]) => JSON.stringify(rows),
      (error: unknown) => (error as { errno: number }).errno,
    );
    await until(() => over.gateway.blockers('c1', 'frozen').length === 1);
    await killer.query(`KILL QUERY ${String(busy.threadId)}`);
    // MariaDB ends SLEEP with 1317; older ones let it return 1.
    expect([1317, '[{"SLEEP(60)":1}]']).toContain(await outcome);
    expect((await busy.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    await Promise.all([busy.end(), killer.end()]);
  });

  it('sends and gets more than 16 MiB in one piece', async () => {
    const connection = await mysql2.createConnection(settings());
    for (const length of [2 ** 24 - 20, 2 ** 24 + 100, 2 ** 25 + 7]) {
      const [rows] = await connection.query('SELECT LENGTH(?) AS n, REPEAT("x", ?) AS r', ['y'.repeat(length), length]);
      expect((rows as { n: number; r: string }[]).map(({ n, r }) => [n, r.length])).toEqual([[length, length]]);
    }
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
    await connection.end();
  });

  it('is told why its idle connection ends at a suspend', async () => {
    const connection = await mysql2.createConnection(settings());
    await connection.query('SELECT 1');
    const failure = new Promise<{ message: string; errno?: number }>((resolve) => connection.on('error', resolve));
    over.gateway.endSessions('c1', 'compute "shop" was suspended; connect again');
    expect(await failure).toMatchObject({ message: 'compute "shop" was suspended; connect again' });
  });
});

describe('the npm connector of MariaDB', () => {
  it('logs in, also to a sleeping server, and runs a batch', async () => {
    await over.freeze();
    const connection = await mariadb.createConnection({ ...settings(), connectTimeout: 10_000 });
    await connection.query('CREATE OR REPLACE TABLE batch (a INT, b VARCHAR(40))');
    await connection.batch(
      'INSERT INTO batch VALUES (?, ?)',
      Array.from({ length: 2_000 }, (_, index) => [index, `row ${String(index)}`]),
    );
    expect(await connection.query('SELECT COUNT(*) AS n FROM batch')).toEqual([{ n: 2_000n }]);
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
    await connection.end();
  });

  it('sends thousands of commands ahead of their answers', async () => {
    const connection = await mariadb.createConnection({ ...settings(), pipelining: true });
    const answers = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => connection.query<{ x: number }[]>(`SELECT ${String(index)} AS x`)),
    );
    expect(answers.every(([row], index) => Number(row?.x) === index)).toBe(true);
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
    await connection.end();
  });

  it('uses prepared statements with remembered columns', async () => {
    const connection = await mariadb.createConnection(settings());
    for (let i = 1; i <= 3; i++)
      expect(await connection.execute('SELECT a FROM t WHERE a = ?', [i])).toEqual([{ a: i }]);
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
    await connection.end();
  });

  it('is told why its idle connection ends at a suspend', async () => {
    const connection = await mariadb.createConnection(settings());
    const failure = new Promise<mariadb.SqlError>((resolve) => connection.on('error', resolve));
    over.gateway.endSessions('c1', 'compute "shop" was suspended; connect again');
    expect(await failure).toMatchObject({ errno: 1927, sqlState: '70100' });
  });
});

describe('a session over a real sleep', () => {
  it('keeps its transaction, its variables and its temporary table while the server is frozen', async () => {
    const connection = await mysql2.createConnection(settings());
    await connection.query('SET @kept = 42');
    await connection.query('CREATE TEMPORARY TABLE mine (a INT)');
    await connection.query('START TRANSACTION');
    await connection.query("INSERT INTO t VALUES (77, 'open')");
    expect(over.gateway.blockers('c1', 'parked').map(({ kind }) => kind)).toEqual(['openTransaction']);
    expect(over.gateway.blockers('c1', 'frozen')).toEqual([]);
    await over.freeze();
    await connection.ping();
    const wakes = over.host.wakes;
    const [rows] = await connection.query(
      'SELECT @kept AS k, (SELECT COUNT(*) FROM mine) AS n, (SELECT b FROM t WHERE a = 77) AS b',
    );
    expect(rows).toEqual([{ k: 42, n: 0, b: 'open' }]);
    expect(over.host.wakes).toBe(wakes + 1);
    await connection.query('ROLLBACK');
    expect(over.gateway.blockers('c1', 'parked')).toEqual([]);
    await connection.end();
  });

  it('wakes once for a thousand clients', async () => {
    await over.freeze();
    const wakes = over.host.wakes;
    const connections = await Promise.all(
      Array.from({ length: 1_000 }, () => mysql2.createConnection({ ...settings(), connectTimeout: 60_000 })),
    );
    const answers = await Promise.all(
      connections.map((connection, index) => connection.query(`SELECT ${String(index)} AS x`)),
    );
    expect(answers.every(([rows], index) => (rows as { x: number }[])[0]?.x === index)).toBe(true);
    expect(over.host.wakes).toBe(wakes + 1);
    expect(over.gateway.sessionCount('c1')).toBe(1_000);
    await Promise.all(connections.map((connection) => connection.end()));
  });
});
