import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { connect as openSocket } from 'node:net';
import { promisify } from 'node:util';

import { createConnection as createMariadb } from 'mariadb';
import { createConnection as createMysql2 } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

interface View {
  readonly id: string;
  readonly state: string;
  readonly depth: string | null;
  readonly url: string;
  readonly port: number;
  readonly wakes: number;
}

interface Usage {
  readonly total: { readonly activeSeconds: number; readonly wakes: number };
}

const run = promisify(execFile);
const home = createTestHome();
let shop: View;

beforeAll(async () => {
  shop = await home.json<View>('compute', 'start', 'shop', '--driver', 'docker', '--suspend-after', 'never');
  await home.run(
    'compute',
    'connect',
    'shop',
    '-e',
    'CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1),(2),(3)',
  );
});
afterAll(() => home[Symbol.asyncDispose]());

/** Each opens a connection of its own and counts the rows. */
const CLIENTS: readonly (readonly [string, (url: string) => Promise<number>])[] = [
  [
    'mysql2',
    async (url) => {
      const connection = await createMysql2(url);
      const [rows] = await connection.query('SELECT COUNT(*) AS n FROM t');
      await connection.end();
      return Number((rows as { n: number }[])[0]?.n);
    },
  ],
  [
    'the npm mariadb connector',
    async (url) => {
      const { hostname, port, username, password, pathname } = new URL(url);
      const connection = await createMariadb({
        host: hostname,
        port: Number(port),
        user: username,
        password,
        database: pathname.slice(1),
        // Its default of one second is a deadline that a busy machine may miss when it wakes a stopped container.
        connectTimeout: 10_000,
      });
      const rows = await connection.query<{ n: bigint }[]>('SELECT COUNT(*) AS n FROM t');
      await connection.end();
      return Number(rows[0]?.n);
    },
  ],
  [
    'the mariadb command line',
    async (url) => {
      const { hostname, port, username, password, pathname } = new URL(url);
      const args = ['--no-defaults', '-h', hostname, '-P', port, '-u', username, '-N', '-B', pathname.slice(1)];
      const { stdout } = await run('mariadb', [...args, '-e', 'SELECT COUNT(*) FROM t'], {
        env: { ...process.env, MYSQL_PWD: password },
      });
      return Number(stdout);
    },
  ],
];

describe('a compute on Docker', () => {
  describe.each(CLIENTS)('asked by %s', (_name, count) => {
    it('answers when it is awake', async () => {
      await home.json('compute', 'resume', 'shop');
      expect(await count(shop.url)).toBe(3);
    });

    it.each(['frozen', 'hibernated', 'parked', 'stopped', 'removed'])('wakes from %s with every row', async (depth) => {
      await home.json('compute', 'resume', 'shop');
      const before = await home.json<View>('compute', 'suspend', 'shop', '--depth', depth);
      expect(before).toMatchObject({ state: 'suspended', depth });
      expect(await count(shop.url)).toBe(3);
      expect(await home.json<View>('compute', 'show', 'shop')).toMatchObject({
        state: 'active',
        wakes: before.wakes + 1,
      });
    });
  });

  it('lets in a user that was made by SQL and then slept', async () => {
    await home.json(
      'compute',
      'connect',
      'shop',
      '-e',
      "CREATE USER guest IDENTIFIED BY 'Secret-1'; GRANT SELECT ON shop.* TO guest",
    );
    await home.json('compute', 'suspend', 'shop');
    const url = new URL(shop.url);
    const guest = await createMysql2({
      host: url.hostname,
      port: shop.port,
      user: 'guest',
      password: 'Secret-1',
      database: 'shop',
    });
    const [rows] = await guest.query('SELECT COUNT(*) AS n FROM t');
    expect(rows).toEqual([{ n: 3 }]);
    await guest.end();
  });

  it('is not woken by a wrong password, an unknown user, noise on its port, or by being asked about', async () => {
    const { wakes } = await home.json<View>('compute', 'suspend', 'shop');
    const { hostname: host } = new URL(shop.url);
    for (const user of ['app', 'nobody', 'doze_agent', 'root']) {
      const refused = createMysql2({ host, port: shop.port, user, password: 'wrong' });
      await expect(refused).rejects.toMatchObject({ errno: 1045, sqlState: '28000' });
    }
    await sendNoise(host, shop.port);
    for (const args of [
      ['compute', 'list'],
      ['usage', 'report'],
      ['agent', 'status'],
    ])
      await home.json(...args);
    expect(await home.json<View>('compute', 'show', 'shop')).toMatchObject({ state: 'suspended', wakes });
  });

  it('goes on through kill -9 of the agent, with its sessions’ work and its bill', async () => {
    await home.json('compute', 'resume', 'shop');
    const { pid } = await home.json<{ pid: number }>('agent', 'status');
    const before = await home.json<Usage>('usage', 'report');
    process.kill(pid, 'SIGKILL');
    const after = await home.json<View>('compute', 'show', 'shop');
    expect(after).toMatchObject({
      id: shop.id,
      state: 'active',
      url: expect.stringContaining(`:${shop.port}/`) as string,
    });
    expect(await CLIENTS[0]?.[1](shop.url)).toBe(3);
    const usage = await home.json<Usage>('usage', 'report');
    expect(usage.total.activeSeconds).toBeGreaterThan(before.total.activeSeconds);
    expect(usage.total.wakes).toBe(before.total.wakes);
  });

  it('is not disturbed by a compute of the same name in another home', async () => {
    await using other = createTestHome();
    const twin = await other.json<View>('compute', 'start', 'shop', '--driver', 'docker');
    expect(twin.port).not.toBe(shop.port);
    await other.json('compute', 'connect', 'shop', '-e', 'CREATE TABLE t (a INT)');
    expect(await CLIENTS[0]?.[1](twin.url)).toBe(0);
    await other.json('compute', 'destroy', 'shop', '--purge', '--confirm', 'shop');
    expect(await CLIENTS[0]?.[1](shop.url)).toBe(3);
  });

  it('shows how it failed, and how to go on, when its container was removed and its data with it', async () => {
    await using other = createTestHome();
    const { id } = await other.json<View>('compute', 'start', 'gone', '--driver', 'docker');
    await other.json('compute', 'suspend', 'gone', '--depth', 'removed');
    const { stdout } = await run('docker', ['volume', 'ls', '-q', '--filter', `label=doze.compute=${id}`]);
    await run('docker', ['volume', 'rm', stdout.trim()]);
    const outcome = await other.run('compute', 'resume', 'gone');
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/data of compute "gone" is gone[^]*Next: doze compute destroy gone/);
  });
});

/** Bytes that are not MySQL, from a client that does not wait for an answer. */
async function sendNoise(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = openSocket({ host, port }, () => socket.end(randomBytes(4096)));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
