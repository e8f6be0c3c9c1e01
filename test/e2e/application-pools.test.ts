import * as mariadb from 'mariadb';
import mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestHome } from '../support/cli.ts';

/** Two applications with pools of connections that they never check, on a database that sleeps in between. */
const SIZE = 20;
const DEPTHS = ['frozen', 'hibernated', 'parked', 'stopped', 'removed'] as const;

interface View {
  readonly url: string;
  readonly state: string;
  readonly depth: string | null;
  readonly sessions: number;
  readonly wakes: number;
}

/** One connection of an application: what it does now and then, told as text. */
interface Member {
  work(round: number): Promise<string>;
  close(): Promise<void>;
}

/** Connections of a pool are spread over both. */
const home = createTestHome({ DOZE_GATEWAY_THREADS: '2' });
const members: Member[] = [];
const byKey = 'SELECT b FROM t WHERE a = ?';
const state = 'SELECT DATABASE() AS db, @mine AS mine, @@sql_mode AS mode';

beforeAll(async () => {
  const { url } = await home.json<View>('compute', 'start', 'shop', '--driver', 'docker', '--suspend-after', 'never');
  const rows = 'CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20)); INSERT INTO t VALUES (1, "one"), (2, "two")';
  await home.run('compute', 'connect', 'shop', '-e', rows);
  const { hostname, port, username: user, password, pathname } = new URL(url);
  const login = { host: hostname, port: Number(port), user, password, database: pathname.slice(1) };
  for (let index = 0; index < SIZE; index += 1) {
    members.push(await mysql2Member(login, index), await mariadbMember(login, index));
  }
});

afterAll(async () => {
  await Promise.all(members.map((member) => member.close()));
  await home[Symbol.asyncDispose]();
});

type Login = Readonly<{ host: string; port: number; user: string; password: string; database: string }>;

async function mysql2Member(login: Login, index: number): Promise<Member> {
  const connection = await mysql2.createConnection(login);
  await connection.query(`SET @mine = ?, sql_mode = 'ANSI_QUOTES'`, [index]);
  return {
    work: async (round) => {
      const [rows] = await connection.execute(byKey, [1 + (round % 2)]);
      const [session] = await connection.query(state);
      const [id] = await connection.query('SELECT CONNECTION_ID() AS id');
      expect(id).toEqual([{ id: connection.threadId }]);
      return JSON.stringify([rows, session]);
    },
    close: () => connection.end(),
  };
}

async function mariadbMember(login: Login, index: number): Promise<Member> {
  const connection = await mariadb.createConnection({ ...login, connectTimeout: 10_000 });
  await connection.query(`SET @mine = ?, sql_mode = 'ANSI_QUOTES'`, [index]);
  const statement = await connection.prepare(byKey);
  return {
    work: async (round) => {
      const rows = await statement.execute<object[]>([1 + (round % 2)]);
      const session = await connection.query<object[]>(state);
      const [id] = await connection.query<{ id: number }[]>('SELECT CONNECTION_ID() AS id');
      expect(Number(id?.id)).toBe(connection.threadId);
      return JSON.stringify([[...rows], [...session]], (_key, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : value,
      );
    },
    close: () => connection.end(),
  };
}

function expected(index: number, round: number): string {
  const session = { db: 'shop', mine: Math.floor(index / 2), mode: 'ANSI_QUOTES' };
  return JSON.stringify([[{ b: ['one', 'two'][round % 2] }], [session]]);
}

describe('applications with pools of connections', () => {
  it.each(DEPTHS)('do not notice that their database was %s', async (depth) => {
    const rounds = DEPTHS.indexOf(depth) * 2;
    for (const round of [rounds, rounds + 1]) {
      const before = await home.json<View>('compute', 'show', 'shop');
      await home.json('compute', 'suspend', 'shop', '--depth', depth);
      const asleep = await home.json<View>('compute', 'show', 'shop');
      expect(asleep).toMatchObject({ state: 'suspended', sessions: 2 * SIZE });
      const told = await Promise.all(members.map((member) => member.work(round)));
      expect(told).toEqual(members.map((_, index) => expected(index, round)));
      const after = await home.json<View>('compute', 'show', 'shop');
      expect(after.wakes).toBe(before.wakes + 1);
    }
  });

  it('keep its server with a temporary table that one of them has, and are named', async () => {
    const { url } = await home.json<View>('compute', 'show', 'shop', '--show-password');
    const left = await mysql2.createConnection(url);
    await left.query('CREATE TEMPORARY TABLE mine (a INT)');
    const refused = await home.run('compute', 'suspend', 'shop', '--depth', 'parked');
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain('compute "shop" is in use: a session that holds a temporary table');
    await home.json('compute', 'suspend', 'shop', '--depth', 'frozen');
    expect((await left.query('SELECT COUNT(*) AS n FROM mine'))[0]).toEqual([{ n: 0 }]);
    await left.end();
  });
});
